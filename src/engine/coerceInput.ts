/** Turns what a model sent into what its tool takes, if it can mean one thing only. */
import type { JsonSchema } from '../core/tools.ts';
import { decodedJson, isObject, numberIn, textOf, typesOf } from './jsonForms.ts';

/** Keys that models put around a whole input. */
export const wrappers = ['input', 'arguments', 'args', 'parameters', 'params'];

/** A text with blanks or commas may be several items: nothing says where it is to be cut. */
const singleWord = /^(?!null$)[^\s,;"'[\]{}]+$/;

/**
 * Returns the input with each value in the type that the tool's schema asks for: JSON in a string is read, a number or
 * a word in quotes loses them, `null` for a key that may be absent is left out, a single item becomes a list. A value
 * that has a right type, or could mean two things, stays as it is.
 */
export function coerceInput(schema: JsonSchema, input: unknown): unknown {
  if (input === null && required(schema).length === 0) return {};
  return coerce(schema, unwrapped(schema, input));
}

function unwrapped(schema: JsonSchema, input: unknown): unknown {
  const whole = typeof input === 'string' ? (decodedJson(input) ?? input) : input;
  if (!isObject(whole)) return input;
  const [key = '', ...others] = Object.keys(whole);
  if (others.length > 0 || !wrappers.includes(key) || propertyOf(schema, key)) return input;
  const inner = coerce(schema, whole[key]);
  return isObject(inner) ? inner : input;
}

function coerce(schema: JsonSchema, value: unknown): unknown {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return coerceToOne(alternatives.filter(isObject), value);
  const types = typesOf(schema);
  if (types.length === 0) return value;
  if (types.some((type) => isOfType(type, value))) return coerceInside(schema, value);
  return onlyOne(
    types.flatMap((type) => converted(type, schema, value)),
    value,
  );
}

/** Of several schemas only the one counts that has the value's type, or that alone can take the value. */
function coerceToOne(alternatives: readonly JsonSchema[], value: unknown): unknown {
  const fitting = alternatives.filter((one) => typesOf(one).some((type) => isOfType(type, value)));
  if (fitting[0]) return fitting.length === 1 ? coerce(fitting[0], value) : value;
  const meant = alternatives.map((one) => coerce(one, value)).filter((result) => result !== value);
  return onlyOne(meant, value);
}

function onlyOne(meanings: readonly unknown[], value: unknown): unknown {
  return meanings.length === 1 ? meanings[0] : value;
}

function coerceInside(schema: JsonSchema, value: unknown): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isObject(items) ? keepSame(value, (item) => coerce(items, item)) : value;
  }
  return isObject(value) ? coerceFields(schema, value) : value;
}

/** The same array where nothing in it changes. */
function keepSame(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const changed = items.map(change);
  return changed.every((item, place) => item === items[place]) ? items : changed;
}

function coerceFields(schema: JsonSchema, fields: Readonly<Record<string, unknown>>): unknown {
  const entries = Object.entries(fields);
  const kept = entries.filter(([key, value]) => !isLeftOut(schema, key, value));
  const coerced = kept.map(([key, value]): [string, unknown] => {
    const of = propertyOf(schema, key) ?? schema.additionalProperties;
    return [key, isObject(of) ? coerce(of, value) : value];
  });
  const isSame = kept.length === entries.length && coerced.every(([, value], at) => value === kept[at]?.[1]);
  return isSame ? fields : Object.fromEntries(coerced);
}

/** True for `null`, also in quotes where no text is asked for, in place of a key that may be absent. */
function isLeftOut(schema: JsonSchema, key: string, value: unknown): boolean {
  const property = propertyOf(schema, key);
  if (!property || required(schema).includes(key)) return false;
  const types = allTypes(property);
  if (types.length === 0 || types.includes('null')) return false;
  return value === null || (value === 'null' && !types.includes('string'));
}

/** No meaning, or the one that the value has as this type. */
function converted(type: string, schema: JsonSchema, value: unknown): readonly unknown[] {
  switch (type) {
    case 'string':
      return oneOrNone(textOf(value));
    case 'integer':
    case 'number':
      return oneOrNone(typeof value === 'string' ? numberIn(value) : undefined);
    case 'boolean':
      return typeof value === 'string' && /^(true|false)$/i.test(value)
        ? [value.toLowerCase() === 'true']
        : [];
    case 'array':
      return asArray(schema, value);
    case 'object':
      return decoded(schema, value).filter(isObject);
    default:
      return [];
  }
}

function oneOrNone(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value];
}

/** A string that is JSON, read and coerced; a string in a string, too. */
function decoded(schema: JsonSchema, value: unknown): readonly unknown[] {
  const read = typeof value === 'string' ? decodedJson(value) : undefined;
  return read === undefined ? [] : [coerce(schema, read)];
}

function asArray(schema: JsonSchema, value: unknown): readonly unknown[] {
  const [read] = decoded(schema, value);
  if (read !== undefined) return Array.isArray(read) ? [read] : [];
  const { items } = schema;
  if (!isObject(items) || (typeof value === 'string' && !singleWord.test(value))) return [];
  const item = coerce(items, value);
  return allTypes(items).some((type) => isOfType(type, item)) ? [[item]] : [];
}

function allTypes(schema: JsonSchema): readonly string[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  return Array.isArray(alternatives) ? alternatives.filter(isObject).flatMap(allTypes) : typesOf(schema);
}

function propertyOf({ properties }: JsonSchema, key: string): JsonSchema | undefined {
  const property = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  return isObject(property) ? property : undefined;
}

function required(schema: JsonSchema): readonly unknown[] {
  return Array.isArray(schema.required) ? schema.required : [];
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'integer':
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === type;
  }
}
