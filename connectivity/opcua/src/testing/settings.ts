/** What a test server is started with. */
export interface ServerSettings {
  readonly port: number
  /** Policy names; default None. */
  readonly policies?: readonly string[]
  readonly modes?: readonly ('None' | 'Sign' | 'SignAndEncrypt')[]
  readonly anonymous?: boolean
  readonly users?: Readonly<Record<string, string>>
  /** PEM with the server's key and certificate; absent: made anew. */
  readonly pem?: string
  /** Another machine behind the same address: other namespaces, nodes moved. */
  readonly variant?: 'second'
  /** Nodes of the folder `Many`. */
  readonly many?: number
  /** Further capabilities of the server. */
  readonly capabilities?: Readonly<Record<string, number>>
  /** Limits of operations. */
  readonly limits?: Readonly<Record<string, number>>
}
