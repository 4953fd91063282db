package io.github.milvusupgrade.k8s.chart;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A chart version, which unlike that of Milvus is a semantic version. Read as leniently as Helm reads an index: a
 * leading {@code v} and missing numbers are accepted, build metadata is dropped.
 *
 * @param preRelease what follows the hyphen; empty for a release
 */
public record SemVer(int major, int minor, int patch, String preRelease) implements Comparable<SemVer> {

    private static final Pattern FORM = Pattern.compile("v?(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?"
            + "(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private static final Comparator<SemVer> ORDER = Comparator.comparingInt(SemVer::major)
            .thenComparingInt(SemVer::minor)
            .thenComparingInt(SemVer::patch)
            .thenComparing(SemVer::preRelease, SemVer::comparePreReleases);

    /** The version that a text says; empty if it is none. */
    public static Optional<SemVer> find(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        String preRelease = form.group(4);
        return Optional.of(new SemVer(
                number(form.group(1)),
                number(form.group(2)),
                number(form.group(3)),
                preRelease == null ? "" : preRelease));
    }

    boolean isPreRelease() {
        return !preRelease.isEmpty();
    }

    /** Whether it is the other version or an earlier one. */
    public boolean isAtMost(SemVer other) {
        return compareTo(other) <= 0;
    }

    @Override
    public int compareTo(SemVer other) {
        return ORDER.compare(this, other);
    }

    /** A release is above all its pre-releases; those compare part by part, numbers below words (semver.org, 11). */
    private static int comparePreReleases(String one, String other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Boolean.compare(one.isEmpty(), other.isEmpty());
        }
        Iterator<String> ours = Arrays.asList(one.split("\\.")).iterator();
        Iterator<String> theirs = Arrays.asList(other.split("\\.")).iterator();
        while (ours.hasNext() && theirs.hasNext()) {
            int order = compareParts(ours.next(), theirs.next());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(ours.hasNext(), theirs.hasNext());
    }

    private static int compareParts(String one, String other) {
        boolean oneNumber = NUMBER.matcher(one).matches();
        boolean otherNumber = NUMBER.matcher(other).matches();
        if (oneNumber && otherNumber) {
            return new BigInteger(one).compareTo(new BigInteger(other));
        }
        return oneNumber == otherNumber ? one.compareTo(other) : Boolean.compare(otherNumber, oneNumber);
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
