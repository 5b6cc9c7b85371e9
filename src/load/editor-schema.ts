type Json = Readonly<Record<string, unknown>>;

/**
 * A schema as an editor needs it for files of which some have a `parent`: these say only what differs, and `null` for what they
 * leave out. A whole file is checked strictly; of a child's each key is checked, and none is asked for.
 */
export function forChildren(schema: Json): Json {
  const { $schema, ...strict } = schema;
  const isChild = { type: 'object', required: ['parent'], properties: { parent: {} } };
  // An object with a property of this name would be taken for a promise.
  return { $schema, if: isChild, ...Object.fromEntries([['then', loosened(strict)]]), else: strict };
}

function loosened(schema: Json): Json {
  const { required: _, oneOf, ...rest } = schema;
  const changed = Object.entries(rest).map(([key, value]) => [key, loosenedBelow(key, value)]);
  return {
    ...Object.fromEntries(changed),
    ...(oneOf !== undefined && { anyOf: loosenedBelow('anyOf', oneOf) }),
  };
}

function loosenedBelow(key: string, value: unknown): unknown {
  if (key === 'properties') {
    const all = Object.entries(value as Readonly<Record<string, Json>>);
    return Object.fromEntries(all.map(([name, one]) => [name, orNull(loosened(one))]));
  }
  if (key === 'additionalProperties' && typeof value === 'object' && value !== null) {
    return orNull(loosened(value as Json));
  }
  if (key === 'anyOf' || key === 'allOf') {
    return (value as readonly Json[]).map(loosened);
  }
  return key === 'items' ? loosened(value as Json) : value;
}

const orNull = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });
