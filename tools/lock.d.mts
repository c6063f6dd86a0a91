export interface MissingPlatform {
  readonly parent: string
  readonly name: string
  readonly version: string
  readonly dev?: boolean
}

/** Optional packages that a lock file names but does not hold. */
export function missingPlatforms(lock: { readonly packages: Readonly<Record<string, object>> }): MissingPlatform[]
