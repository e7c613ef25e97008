package io.p2phost.ro.layout;

/**
 * Structures inside a structure, one behind the other.
 *
 * @param offset where the first begins
 * @param count how many there are; 1 for a single one
 * @param of what each is
 */
public record StructArray(String name, int offset, int count, StructLayout of) {
    /**
     * Where structure {@code index} begins, in a packet where the outer structure begins at {@code base}.
     *
     * @throws IndexOutOfBoundsException when there are not so many
     */
    public int base(int base, int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(name + ": " + index + " (expected: 0.." + (count - 1) + ")");
        }
        return base + offset + index * of.size();
    }

    /** First offset behind the last. */
    public int end() {
        return offset + count * of.size();
    }
}
