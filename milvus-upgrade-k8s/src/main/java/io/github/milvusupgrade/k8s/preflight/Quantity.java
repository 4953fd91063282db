package io.github.milvusupgrade.k8s.preflight;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource as Kubernetes writes it: {@code 500m}, {@code 2Gi}, {@code 1e3}
 * (kubernetes/apimachinery:pkg/api/resource/quantity.go).
 *
 * @param amount in cores, bytes or pieces
 */
record Quantity(BigDecimal amount) implements Comparable<Quantity> {

    static final Quantity ZERO = new Quantity(BigDecimal.ZERO);
    static final Quantity ONE = new Quantity(BigDecimal.ONE);

    private static final Pattern FORM = Pattern.compile(
            "([+-]?(?:\\d+\\.?\\d*|\\.\\d+))(?:([eE][+-]?\\d{1,2})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?");
    private static final Map<String, Integer> TENS =
            Map.of("n", -9, "u", -6, "m", -3, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
    private static final Map<String, Integer> TWOS = Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);
    private static final int MILLI = 3;

    /** Two quantities that are the same amount are equal, however they were written. */
    Quantity {
        amount = amount.stripTrailingZeros();
    }

    /** Reads a quantity; empty if the text is none. */
    static Optional<Quantity> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(form.group(1));
        String exponent = form.group(2);
        String unit = form.group(3);
        if (exponent != null) {
            return Optional.of(new Quantity(number.scaleByPowerOfTen(
                    Integer.parseInt(exponent.substring(1).replaceFirst("^[+]", "")))));
        }
        if (unit == null) {
            return Optional.of(new Quantity(number));
        }
        Integer tens = TENS.get(unit);
        return Optional.of(new Quantity(
                tens == null
                        ? number.multiply(new BigDecimal(BigInteger.TWO.pow(TWOS.getOrDefault(unit, 0))))
                        : number.scaleByPowerOfTen(tens)));
    }

    Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount));
    }

    Quantity minus(Quantity other) {
        return new Quantity(amount.subtract(other.amount));
    }

    Quantity max(Quantity other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /** As people write it: thousandths with {@code m}, whole mebibytes and gibibytes with their unit. */
    @Override
    public String toString() {
        if (amount.scale() > 0) {
            return amount.scale() <= MILLI
                    ? amount.movePointRight(MILLI).toPlainString() + "m"
                    : amount.toPlainString();
        }
        for (String unit : new String[] {"Gi", "Mi"}) {
            BigDecimal size = new BigDecimal(BigInteger.TWO.pow(TWOS.getOrDefault(unit, 0)));
            if (amount.abs().compareTo(size) >= 0 && amount.remainder(size).signum() == 0) {
                return amount.divide(size).toPlainString() + unit;
            }
        }
        return amount.toPlainString();
    }
}
