/**
 * PEM (RFC 7468): the blocks in a text, whatever stands between them, and back.
 *
 * @since 0.1.0
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

/**
 * @since 0.1.0
 * @category models
 */
export interface Block {
  /** `CERTIFICATE`, `PRIVATE KEY`. */
  readonly label: string
  /** `undefined` when what stands in the block is not base64, or is encrypted in the way of RFC 1421 §4.6.1.1. */
  readonly der: Uint8Array | undefined
  /** By RFC 1421, or as the EncryptedPrivateKeyInfo of RFC 5958 §3, which is DER all the same. */
  readonly isEncrypted: boolean
}

/**
 * Every block, in order.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (text: string): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  let label: string | undefined
  let lines: Array<string> = []
  for (const line of text.split(/\r\n|\r|\n/).map((each) => each.trim())) {
    const begin = /^-----BEGIN ([A-Z0-9 #]+)-----$/.exec(line)?.[1]
    if (begin !== undefined) {
      label = begin
      lines = []
    } else if (label !== undefined && line === `-----END ${label}-----`) {
      blocks.push(readBlock(label, lines))
      label = undefined
    } else if (label !== undefined) {
      lines.push(line)
    }
  }
  return blocks
}

/**
 * The certificates in a text, DER, in order. Other blocks do not count; `undefined` stands for one that cannot be read.
 *
 * @since 0.1.0
 * @category decoding
 */
export const certificates = (text: string): ReadonlyArray<Uint8Array | undefined> =>
  decode(text).flatMap(({ der, label }) => certificateLabels.has(label) ? [der] : [])

/**
 * One block, ending with a line break.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (label: string, der: Uint8Array): string =>
  [`-----BEGIN ${label}-----`, ...Base64.encode(der).match(/.{1,64}/g) ?? [], `-----END ${label}-----`, ""].join("\n")

const readBlock = (label: string, lines: ReadonlyArray<string>): Block => {
  const isOpaque = lines.some((each) => /^Proc-Type:.*ENCRYPTED/i.test(each))
  const body = lines.filter((each) => !each.includes(":")).join("")
  const der = isOpaque || body === "" ? undefined : Result.getOrUndefined(Base64.decode(body))
  return { label, der, isEncrypted: isOpaque || label === "ENCRYPTED PRIVATE KEY" }
}

const certificateLabels = new Set(["CERTIFICATE", "X509 CERTIFICATE"])
