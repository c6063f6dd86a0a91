/**
 * The head of a chain, signed and kept outside the database: whoever can write the database can also cut entries off
 * the end of a chain and set its head back, but cannot sign the head that this would need.
 */
export interface Checkpoint {
  readonly tenant: string
  readonly sequence: number
  readonly hash: string
  /** Of the signing, µs. */
  readonly time: number
}

export interface Checkpoints {
  /** An entry was appended: sign the head soon (it is read again then, after the transaction has ended). */
  due(tenant: string): void
  /** The last signed head; undefined when none was made yet. A file that does not verify counts as a broken chain: throws. */
  read(tenant: string): Promise<Checkpoint | undefined>
}
