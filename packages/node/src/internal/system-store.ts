/**
 * Which list of authorities Node can give, and what it is. Node learned to read the system's store in 22.15 and 23.10;
 * before that there are the files that OpenSSL's variables name, and the list that Node brings.
 */
import * as Path from "node:path"

/** @internal */
export type Store = "system" | "bundled" | "default"

/** What Node and the environment have to offer. @internal */
export interface Sources {
  readonly getCACertificates?: (type: Store) => ReadonlyArray<string>
  readonly rootCertificates: ReadonlyArray<string>
  readonly version: string
  /** `SSL_CERT_FILE` and `SSL_CERT_DIR`. */
  readonly file?: string
  readonly directories?: string
}

/** Texts in PEM, or files to be read; `source` tells people which. @internal */
export type Choice =
  | { readonly _tag: "Texts"; readonly texts: ReadonlyArray<string>; readonly source: string }
  | { readonly _tag: "Paths"; readonly paths: ReadonlyArray<string>; readonly source: string }

/** @internal */
export const choose = (sources: Sources, store: Store): Choice => {
  const { directories, file, getCACertificates, rootCertificates, version } = sources
  if (getCACertificates !== undefined) return { _tag: "Texts", texts: getCACertificates(store), source: names[store] }
  const paths = [...listed(file), ...(directories ?? "").split(Path.delimiter).flatMap(listed)]
  if (store === "system" && paths.length > 0) {
    return { _tag: "Paths", paths, source: "the files that SSL_CERT_FILE and SSL_CERT_DIR name" }
  }
  const instead = store === "bundled" ? "" : `, because Node ${version} cannot read the store of the system`
  return { _tag: "Texts", texts: rootCertificates, source: `${names.bundled}${instead}` }
}

const listed = (path: string | undefined): ReadonlyArray<string> => path === undefined || path === "" ? [] : [path]

const names: { readonly [Each in Store]: string } = {
  system: "the store of the system",
  bundled: "the list of Mozilla that comes with Node",
  default: "what Node trusts by default, with NODE_EXTRA_CA_CERTS"
}
