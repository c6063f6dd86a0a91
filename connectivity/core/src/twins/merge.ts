import { isObject } from '../codecs/json/document.ts'
import type { JsonObject } from './model.ts'

/** JSON merge patch (RFC 7396): null removes, objects merge, anything else replaces. Neither argument is changed. */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  const merged: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = isObject(value) ? mergePatch(merged[key], value) : value
  }
  return merged
}

/** True when everything desired is reported just so; what is reported beyond that does not matter. */
export function satisfies(reported: unknown, desired: unknown): boolean {
  if (isObject(desired)) {
    return isObject(reported) && Object.entries(desired).every(([key, value]) => satisfies(reported[key], value))
  }
  if (Array.isArray(desired)) {
    return (
      Array.isArray(reported) &&
      reported.length === desired.length &&
      desired.every((value, i) => same(reported[i], value))
    )
  }
  return Object.is(reported, desired)
}

/** Items of a list must be equal: a list is replaced as a whole. */
const same = (a: unknown, b: unknown): boolean => satisfies(a, b) && satisfies(b, a)
