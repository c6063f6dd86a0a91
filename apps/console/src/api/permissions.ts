import type { Permission, Session } from './types.ts'

/**
 * Whether the session's permissions hold at a place. A grant at a node reaches everything below it, so any node of
 * the path will do; without a path: whether it holds anywhere, which is what the rail shows pages by.
 */
export function allowed(
  permissions: Session['permissions'],
  permission: Permission,
  path?: readonly string[],
): boolean {
  if (permissions['*']?.includes(permission) === true) return true
  if (path === undefined) return Object.values(permissions).some((granted) => granted.includes(permission))
  return path.some((node) => permissions[node]?.includes(permission) === true)
}
