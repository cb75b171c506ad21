/** What strangers may try: each attempt ends with the right stream error or within its timer, and harms nobody else. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, run, temporary } from "./processes.ts"
import * as Raw from "./raw.ts"

const condition = (name: string): string => `<${name} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>`

/** A listener under attack, and the proof that it still serves who comes next. */
const besieged = async () => {
  const directory = temporary()
  const [mira, oskar] = await Promise.all([
    identity(join(directory, "mira"), "mira@tansy"),
    identity(join(directory, "oskar"), "oskar@linden")
  ])
  const listener = await listening(
    ["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", mira, "--echo", "--timeout", "3"],
    { input: "ignore" }
  )
  const assertServing = async () => {
    const honest = [
      "--as",
      "mira@tansy",
      "--to",
      "oskar@linden",
      "--identity",
      join(directory, "mira"),
      "--trust-pin",
      oskar
    ]
    const { code, stderr, stdout } = await run([
      "connect",
      ...honest,
      "--host",
      "127.0.0.1",
      "--port",
      String(listener.port)
    ], "still there?\n")
    assert.strictEqual(code, 0, stderr)
    assert.strictEqual(stdout, "still there?\n")
    assert.notMatch(listener.stderr(), /unhandled|rejection|at .*\.ts:\d+/i)
    assert.isBelow(peakMegabytes(listener.child.pid), 150)
  }
  const cert = {
    cert: readFileSync(join(directory, "mira", "cert.pem")),
    key: readFileSync(join(directory, "mira", "key.pem"))
  }
  return { listener, assertServing, cert }
}

/** The most memory a process ever held, where the system tells (Linux). */
const peakMegabytes = (pid: number | undefined): number => {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return 0
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(file, "utf8"))?.[1]) / 1024
}

/** Pushes as much as the other side takes, up to a bound; answers with the bytes pushed. */
const flood = async (peer: Raw.Raw, chunk: string, bytesMax: number): Promise<number> => {
  let pushed = 0
  let over = false
  void peer.closed.then(() => void (over = true))
  while (pushed < bytesMax && !over && !peer.socket.destroyed) {
    pushed += chunk.length
    if (!peer.write(chunk)) {
      await Promise.race([new Promise((resolve) => peer.socket.once("drain", resolve)), peer.closed])
    }
  }
  return pushed
}

describe("attacks on a listener", () => {
  it("XML-07 garbage", async () => {
    const { listener, assertServing } = await besieged()
    for (const garbage of ["hello\r\n", "GET / HTTP/1.1\r\n\r\n", "\u0000\u0001\u0002", "<<<>>>", "]]>"]) {
      const peer = await Raw.dial(listener.port)
      peer.write(garbage)
      await peer.until(`${condition("not-well-formed")}</stream:error></stream:stream>`)
      await peer.closed
    }
    const tls = await Raw.dial(listener.port)
    tls.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]))
    await tls.until("</stream:stream>")
    await assertServing()
  })

  it("XML-18 LIM-05 a gigabyte of header that never ends", async () => {
    const { listener, assertServing } = await besieged()
    const peer = await Raw.dial(listener.port)
    peer.write("<?xml version='1.0'?><stream:stream to='")
    const pushed = await flood(peer, "x".repeat(65_536), 1_073_741_824)
    assert.include(peer.heard(), condition("policy-violation"))
    assert.isBelow(pushed, 1_073_741_824)
    await assertServing()
  })

  it("XML-18 a hundred thousand open tags", async () => {
    const { listener, assertServing, cert } = await besieged()
    const clear = await Raw.dial(listener.port)
    clear.write(Raw.header("oskar@linden"))
    await flood(clear, "<a>".repeat(1000), 300_000)
    await clear.until(condition("policy-violation"))
    const inside = await Raw.secured(listener.port, "oskar@linden", cert)
    inside.write(Raw.header("oskar@linden"))
    await inside.until("EXTERNAL")
    await flood(inside, "<a>".repeat(1000), 300_000)
    await inside.until(condition("policy-violation"))
    await assertServing()
  })

  it("XML-03 XML-04 an entity bomb is refused at its first letter", async () => {
    const { listener, assertServing } = await besieged()
    const peer = await Raw.dial(listener.port)
    peer.write("<?xml version='1.0'?><!D")
    await peer.until(`${condition("restricted-xml")}</stream:error></stream:stream>`)
    const late = await Raw.dial(listener.port)
    late.write(`${Raw.header("oskar@linden")}<message><body>&lol9;</body></message>`)
    await late.until(condition("restricted-xml"))
    await assertServing()
  })

  it("XML-09 invalid UTF-8", async () => {
    const { listener, assertServing } = await besieged()
    const peer = await Raw.dial(listener.port)
    peer.write(
      Buffer.concat([Buffer.from(`${Raw.header("oskar@linden")}<x xmlns='urn:x'>`), Buffer.from([0xc3, 0x28])])
    )
    await peer.until(condition("unsupported-encoding"))
    await assertServing()
  })

  it("FEAT-12 a stanza before admission is not delivered", async () => {
    const { listener, assertServing } = await besieged()
    const peer = await Raw.dial(listener.port)
    peer.write(`${Raw.header("oskar@linden")}<message><body>early</body></message>`)
    await peer.until(condition("not-authorized"))
    assert.notInclude(listener.stdout(), "early")
    await assertServing()
  })

  it("TIME-03 TIME-05 TIME-06 TIME-13 silence at every stage ends within its timer", async () => {
    const { listener, assertServing, cert } = await besieged()
    const silent = await Raw.dial(listener.port)
    const headed = await Raw.dial(listener.port)
    headed.write(Raw.header("oskar@linden"))
    const halfway = await Raw.dial(listener.port)
    halfway.write("<?xml version='1.0'?><stream:stream to='oskar")
    const asking = await Raw.dial(listener.port)
    asking.write(Raw.header("oskar@linden") + Raw.starttls)
    const secured = await Raw.secured(listener.port, "oskar@linden", cert)
    const offered = await Raw.secured(listener.port, "oskar@linden", cert)
    offered.write(Raw.header("oskar@linden"))
    const challenged = await Raw.secured(listener.port, "oskar@linden", cert)
    challenged.write(
      `${Raw.header("oskar@linden")}<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'/>`
    )
    await challenged.until("<challenge")
    const began = performance.now()
    await headed.until(condition("connection-timeout"))
    await offered.until(condition("connection-timeout"))
    await challenged.until(condition("connection-timeout"))
    // Who has not said a word gets none (TIME-03); inside TLS it takes longer, the peer may be asking a person (TIME-13).
    await Promise.all([silent, halfway, asking, headed, secured].map(({ closed }) => closed))
    assert.isBelow(performance.now() - began, 15_000)
    assert.strictEqual(silent.heard() + secured.heard(), "")
    await assertServing()
  }, 60_000)

  it("LIM-01 more connections than one address may have are dropped, the rest is served", async () => {
    const { listener, assertServing } = await besieged()
    const crowd = await Promise.all(Array.from({ length: 70 }, () => Raw.dial(listener.port)))
    const refused = crowd.slice(64)
    await Promise.all(refused.map(({ closed }) => closed))
    for (const each of crowd) each.destroy()
    await assertServing()
  })
})
