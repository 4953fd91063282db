package io.github.milvusupgrade.k8s.config;

import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A configuration text and what was found in it.
 *
 * @param root the keys at the top; null if the text says nothing, for example because all of it is comments
 * @param contentEnd the offset behind which nothing belongs to the document: that of a closing {@code ...}, or the end
 * @param aliased the anchors that some alias refers to
 */
record YamlDocument(
        String fileName, String text, YamlNode.@Nullable Mapping root, int contentEnd, Set<String> aliased) {

    YamlDocument {
        aliased = Set.copyOf(aliased);
    }

    Object meaning() {
        return root == null ? Meaning.NULL : root.meaning();
    }

    String source(YamlNode node) {
        return text.substring(node.span().start(), node.span().end());
    }

    /** True if changing the node would change another place too. */
    boolean isAliased(YamlNode node) {
        String anchor = node.properties().anchor();
        return anchor != null && aliased.contains(anchor);
    }

    /** The document after the cut, if it is still valid and passes the check. */
    Optional<YamlDocument> rewritten(Splice splice, Predicate<YamlDocument> check) {
        try {
            return Optional.of(YamlReader.read(fileName, splice.applyTo(text))).filter(check);
        } catch (MalformedYamlException notEvenYaml) {
            return Optional.empty();
        }
    }

    /** The text's own way to end a line: that of its first line. */
    String lineBreak() {
        int at = nextBreak(0);
        return at == text.length() ? "\n" : text.substring(at, behindBreak(at));
    }

    /** The offset at which the line of the given offset begins, behind a byte order mark. */
    int lineStart(int offset) {
        int at = offset;
        while (at > 0 && !isBreak(text.charAt(at - 1)) && text.charAt(at - 1) != YamlReader.BYTE_ORDER_MARK) {
            at--;
        }
        return at;
    }

    /** The offset at which the line behind the given offset begins; the end of the text if there is none. */
    int nextLine(int offset) {
        return behindBreak(nextBreak(offset));
    }

    /** The offset of the line break before a line, given the offset at which that line begins. */
    int breakBefore(int lineStart) {
        if (lineStart == 0 || !isBreak(text.charAt(lineStart - 1))) {
            return lineStart;
        }
        return text.startsWith("\r\n", lineStart - 2) ? lineStart - 2 : lineStart - 1;
    }

    boolean isSpaces(int start, int end) {
        return text.substring(start, end).chars().allMatch(c -> c == ' ');
    }

    private int nextBreak(int offset) {
        int at = offset;
        while (at < text.length() && !isBreak(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private int behindBreak(int at) {
        return text.startsWith("\r\n", at) ? at + 2 : Math.min(at + 1, text.length());
    }

    /** The line breaks of YAML 1.1, which Milvus' parser and ours both follow. */
    private static boolean isBreak(char c) {
        return "\n\r\u0085\u2028\u2029".indexOf(c) >= 0;
    }
}
