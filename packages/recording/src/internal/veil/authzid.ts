/**
 * What EXTERNAL says (RFC 4422 Appendix A), with another address in it. Data that is refused stays data that is refused for
 * the same reason: no base64, no text, no address.
 */
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"

/** @internal */
export const authzid = (data: string, address: (text: string) => string): string => {
  if (data === "" || data === "=") return data
  const bytes = Result.getOrUndefined(Base64.decode(data))
  if (bytes === undefined || Base64.encode(bytes) !== data) return noBase64
  const text = textOf(bytes)
  return text === undefined || text.includes("\0") ? noText : Base64.encode(address(text))
}

/** UTF-8, strictly. */
const textOf = (bytes: Uint8Array): string | undefined => {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
  return Result.getOrUndefined(Result.try(() => decodeURIComponent(escaped)))
}

const noBase64 = "?"
const noText = "AA=="
