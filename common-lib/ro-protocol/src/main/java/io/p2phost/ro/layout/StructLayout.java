package io.p2phost.ro.layout;

import io.p2phost.ro.Field;
import java.util.Map;

/**
 * Where the fields of one structure are.
 *
 * @param size its bytes, with what the compiler left free at its end
 */
public record StructLayout(String name, int size, Map<String, Field> fields, Map<String, StructArray> arrays) {
    public StructLayout {
        fields = Map.copyOf(fields);
        arrays = Map.copyOf(arrays);
    }

    /**
     * The field of that name.
     *
     * @throws IllegalArgumentException when it has no such field
     */
    public Field field(String field) {
        Field found = fields.get(field);
        if (found == null) {
            throw new IllegalArgumentException(name + ": no field " + field);
        }
        return found;
    }

    /**
     * The structures of that name inside it.
     *
     * @throws IllegalArgumentException when it has no such structures inside
     */
    public StructArray array(String array) {
        StructArray found = arrays.get(array);
        if (found == null) {
            throw new IllegalArgumentException(name + ": no structures " + array);
        }
        return found;
    }
}
