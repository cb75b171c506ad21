/** What somebody between two of ours can see: nothing but TLS once TLS has begun, and nothing sent early. */
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, middleman, run, temporary } from "./processes.ts"

/** The types of the extensions in a ClientHello record (RFC 8446 §4.1.2). */
const extensionsOf = (hello: Buffer): ReadonlyArray<number> => {
  let at = 5 + 4 + 2 + 32
  at += 1 + hello.readUInt8(at)
  at += 2 + hello.readUInt16BE(at)
  at += 1 + hello.readUInt8(at)
  const end = at + 2 + hello.readUInt16BE(at)
  const types: Array<number> = []
  for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) types.push(hello.readUInt16BE(at))
  return types
}

describe("on the wire", () => {
  it("TLS-24 TLS-29 CERT-103 all is TLS after <proceed/>; no early data, no resumption", async () => {
    const directory = temporary()
    const [mira, oskar] = await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const listener = await listening(
      ["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", mira, "--echo"],
      { input: "ignore" }
    )
    const seen = { out: Buffer.alloc(0), back: Buffer.alloc(0) }
    const port = await middleman(listener.port, {
      toRecipient: (bytes, { peer }) => {
        seen.out = Buffer.concat([seen.out, bytes])
        peer.write(bytes)
      },
      toInitiator: (bytes, { peer }) => {
        seen.back = Buffer.concat([seen.back, bytes])
        peer.write(bytes)
      }
    })
    const secret = "nobody on the way may read this"
    for (const again of [1, 2]) {
      seen.out = seen.back = Buffer.alloc(0)
      const { code, stderr, stdout } = await run([
        ...["connect", "--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
        ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(port)]
      ], `${secret}\n`)
      assert.strictEqual(code, 0, `${again}: ${stderr}`)
      assert.strictEqual(stdout, `${secret}\n`)
      const hello = seen.out.subarray(seen.out.indexOf("/>", seen.out.indexOf("<starttls")) + 2)
      assert.deepStrictEqual([...hello.subarray(0, 2)], [22, 3])
      const [preSharedKey, earlyData] = [41, 42]
      assert.notIncludeMembers([...extensionsOf(hello)], [preSharedKey, earlyData])
      const secured = seen.back.subarray(seen.back.indexOf("/>", seen.back.indexOf("<proceed")) + 2)
      for (const bytes of [hello, secured]) {
        assert.notInclude(bytes.toString("latin1"), secret)
        assert.notInclude(bytes.toString("latin1"), "stream:stream")
      }
    }
  })
})
