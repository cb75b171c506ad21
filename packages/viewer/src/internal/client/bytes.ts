/** Bytes of the wire as a dump and as text. */

/** @internal None when the text is no base64. */
export const decode = (base64: string): Uint8Array | undefined => {
  try {
    return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** @internal `0000  3c 3f 78 6d 6c …  <?xml`: eight a line, which leaves room for the text beside them. */
export const dump = (bytes: Uint8Array): string => {
  const lines: Array<string> = []
  for (let at = 0; at < Math.min(bytes.length, bytesMax); at += width) {
    const row = [...bytes.subarray(at, Math.min(at + width, bytesMax))]
    const hex = row.map((each) => each.toString(16).padStart(2, "0")).join(" ").padEnd(width * 3 - 1)
    lines.push(`${at.toString(16).padStart(4, "0")}  ${hex}  ${row.map(printable).join("")}`)
  }
  if (bytes.length > bytesMax) lines.push(`… ${bytes.length} bytes in all`)
  return lines.join("\n")
}

const printable = (byte: number): string => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·"

const width = 8
const bytesMax = 4096
