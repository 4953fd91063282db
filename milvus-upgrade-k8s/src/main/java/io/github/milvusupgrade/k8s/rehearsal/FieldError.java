package io.github.milvusupgrade.k8s.rehearsal;

/** What is wrong with one field of an object, in the words of the API server. */
record FieldError(String field, String reason, String text) {

    static FieldError required(String field, String why) {
        return new FieldError(field, "FieldValueRequired", "Required value" + (why.isEmpty() ? "" : ": " + why));
    }

    static FieldError forbidden(String field, String why) {
        return new FieldError(field, "FieldValueForbidden", "Forbidden: " + why);
    }

    static FieldError invalid(String field, String value, String why) {
        return new FieldError(field, "FieldValueInvalid", "Invalid value: " + value + ": " + why);
    }

    static FieldError duplicate(String field, String value) {
        return new FieldError(field, "FieldValueDuplicate", "Duplicate value: \"" + value + "\"");
    }

    static FieldError tooLong(String field, int limit) {
        return new FieldError(field, "FieldValueTooLong", "Too long: may not be more than " + limit + " bytes");
    }

    @Override
    public String toString() {
        return field + ": " + text;
    }
}
