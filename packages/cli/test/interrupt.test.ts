/** Ctrl-C at every stage: an orderly end within three seconds, exit code 130, nothing left behind. */
import { readFileSync } from "node:fs"
import * as net from "node:net"
import { join } from "node:path"
import * as tls from "node:tls"
import { assert, describe, it, onTestFinished } from "vitest"
import { identity, listening, type Running, start, temporary } from "./processes.ts"
import * as Raw from "./raw.ts"

const assertInterruptible = async (running: Running): Promise<void> => {
  const began = performance.now()
  running.child.kill("SIGINT")
  assert.strictEqual(await running.ended, 130, running.stderr())
  assert.isBelow(performance.now() - began, 3_000)
  assert.notMatch(running.stderr(), /unhandled|rejection|at .*\.ts:\d+/i)
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = net.createServer().once("error", () => resolve(false))
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)))
  })

/** A recipient that goes so far and no further. */
const stalling = (script: (socket: net.Socket) => void): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {})
      onTestFinished(() => void socket.destroy())
      script(socket)
    }).listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port))
    onTestFinished(() => void server.close())
  })

const header = Raw.header("mira@tansy").replace("to='mira@tansy'", "to='mira@tansy' id='x' from='oskar@linden'")
const features = (inside: string): string => `<stream:features>${inside}</stream:features>`
const offer = features("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>")
const external = features(
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>"
)

const answerTo = (socket: net.Socket, text: string, answer: () => void): void => {
  let heard = ""
  const listen = (bytes: Buffer) => {
    heard += bytes.toString()
    if (heard.includes(text)) {
      socket.off("data", listen)
      answer()
    }
  }
  socket.on("data", listen)
}

describe("Ctrl-C during connect", () => {
  const parties = async () => {
    const directory = temporary()
    const [, oskar] = await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const credentials = {
      cert: readFileSync(join(directory, "oskar", "cert.pem")),
      key: readFileSync(join(directory, "oskar", "key.pem"))
    }
    /** TLS as the recipient, and then what the script says. */
    const secure = (socket: net.Socket, script: (inside: tls.TLSSocket) => void): void => {
      answerTo(socket, "<starttls", () => {
        socket.write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        const server = tls.createServer({ ...credentials, requestCert: true, rejectUnauthorized: false })
        server.on("secureConnection", (inside) => {
          inside.on("error", () => {})
          script(inside)
        })
        server.emit("connection", socket)
      })
      socket.write(header + offer)
    }
    const connect = (port: number): Running =>
      start([
        "connect",
        ...["--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
        ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(port), "--json"]
      ])
    return { connect, secure }
  }

  const stages: ReadonlyArray<
    readonly [
      string,
      (
        socket: net.Socket,
        secure: (socket: net.Socket, script: (inside: tls.TLSSocket) => void) => void,
        reached: () => void
      ) => void
    ]
  > = [
    ["the header is awaited", (socket, _, reached) => answerTo(socket, "version=", reached)],
    ["features are awaited", (socket, _, reached) =>
      answerTo(socket, "version=", () => {
        socket.write(header)
        reached()
      })],
    ["<proceed/> is awaited", (socket, _, reached) => {
      answerTo(socket, "<starttls", reached)
      socket.write(header + offer)
    }],
    ["TLS is awaited", (socket, _, reached) => {
      answerTo(socket, "<starttls", () => {
        socket.write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        reached()
      })
      socket.write(header + offer)
    }],
    [
      "the header inside TLS is awaited",
      (socket, secure, reached) => secure(socket, (inside) => answerTo(inside, "version=", reached))
    ],
    ["the outcome of SASL is awaited", (socket, secure, reached) =>
      secure(socket, (inside) => {
        answerTo(inside, "<auth", reached)
        inside.write(header + external)
      })]
  ]

  for (const [stage, script] of stages) {
    it(`END-01 END-13 while ${stage}`, async () => {
      const { connect, secure } = await parties()
      let arrived: () => void = () => {}
      const reached = new Promise<void>((resolve) => void (arrived = resolve))
      const port = await stalling((socket) => script(socket, secure, arrived))
      const running = connect(port)
      await reached
      await new Promise((resolve) => setTimeout(resolve, 50))
      await assertInterruptible(running)
    })
  }
})

describe("Ctrl-C during listen", () => {
  const besieged = async () => {
    const directory = temporary()
    const [mira] = await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const listener = await listening([
      "--as",
      "oskar@linden",
      "--identity",
      join(directory, "oskar"),
      "--trust-pin",
      mira
    ])
    const credentials = {
      cert: readFileSync(join(directory, "mira", "cert.pem")),
      key: readFileSync(join(directory, "mira", "key.pem"))
    }
    const oskar = JSON.parse(
      await (async () => {
        const shown = start(["identity", "show", join(directory, "oskar", "cert.pem"), "--json"])
        await shown.ended
        return shown.stdout()
      })()
    ).sha256 as string
    return { credentials, directory, listener, oskar }
  }

  it("END-13 with nobody there", async () => {
    const { listener } = await besieged()
    await assertInterruptible(listener)
    assert.isTrue(await isFree(listener.port))
  })

  it("END-01 END-13 with a peer at every stage of the negotiation", async () => {
    const { credentials, listener } = await besieged()
    await Raw.dial(listener.port)
    const headed = await Raw.dial(listener.port)
    headed.write(Raw.header("oskar@linden"))
    await headed.until("</stream:features>")
    const asking = await Raw.dial(listener.port)
    asking.write(Raw.header("oskar@linden") + Raw.starttls)
    await asking.until("<proceed")
    await Raw.secured(listener.port, "oskar@linden", credentials)
    const offered = await Raw.secured(listener.port, "oskar@linden", credentials)
    offered.write(Raw.header("oskar@linden"))
    await offered.until("EXTERNAL")
    await assertInterruptible(listener)
    for (const each of [headed, offered]) assert.include(each.heard(), "</stream:stream>")
    assert.isTrue(await isFree(listener.port))
  })

  it("END-01 END-03 with an open stream: both sides see the other's footer", async () => {
    const { directory, listener, oskar } = await besieged()
    const caller = start([
      "connect",
      ...["--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(listener.port), "--json"]
    ])
    await caller.until("Negotiated")
    await listener.until("Negotiated")
    await assertInterruptible(listener)
    assert.strictEqual(await caller.ended, 0, caller.stderr())
    assert.isTrue(await isFree(listener.port))
  })
})
