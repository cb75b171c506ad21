/** Files from one process to another, over loopback. */
import { randomBytes } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Namespaces from "../../node/test/contract/namespaces.ts"
import { freePort, identity, run, type Running, start, temporary } from "./processes.ts"

interface Line {
  readonly event: string
  readonly why?: string
  readonly path?: string
  readonly octets?: number
  readonly size?: number
  readonly sentence?: string
}

const told = ({ lines }: Pick<Running, "lines">): ReadonlyArray<Line> =>
  lines().flatMap((line) => JSON.parse(line).file ?? [])

const events = (one: Pick<Running, "lines">): ReadonlyArray<string> =>
  told(one).map(({ event }) => event).filter((event) => event !== "Progress")

/** Oskar listens, and has a directory for files. */
const listening = async (more: ReadonlyArray<string>, options: { readonly fileBlocksMax?: number } = {}) => {
  const directory = temporary()
  const inbox = join(directory, "in")
  mkdirSync(inbox)
  await identity(join(directory, "oskar"), "oskar@linden")
  const port = await freePort()
  const listener = start([
    ...["listen", "--as", "oskar@linden", "--identity", join(directory, "oskar"), "--port", String(port), "--json"],
    ...["--trust-store", join(directory, "known"), "--first-use", "accept"],
    ...more.map((each) => each === "INBOX" ? inbox : each)
  ], { input: "ignore", ...options })
  await listener.until("Listening")
  const letter = (octets: number, name = "letter.txt") => {
    const path = join(directory, name)
    writeFileSync(path, randomBytes(octets))
    return path
  }
  const sending = (path: string, ...flags: ReadonlyArray<string>) =>
    start([
      ...["send-file", "oskar@linden", path, "--as", "mira@tansy", "--home", join(directory, "home")],
      ...["--host", "127.0.0.1", "--port", String(port), "--json", ...flags]
    ])
  return { listener, inbox, letter, sending }
}

const areNamespaces = Namespaces.areThere()

describe("send-file", () => {
  it.skipIf(!areNamespaces)(
    "LL-15 finds by a first name who announces himself (needs network namespaces)",
    async () => {
      const network = Namespaces.make(2)
      try {
        const directory = temporary()
        const here = (name: string) => join(directory, name)
        mkdirSync(here("in"))
        writeFileSync(here("letter.txt"), "But soft")
        await identity(here("juliet"), "juliet@pronto")
        const listener = start([
          ...["listen", "--as", "juliet@pronto", "--identity", here("juliet"), "--port", "5298", "--host", "0.0.0.0"],
          ...["--trust-store", here("known"), "--first-use", "accept", "--accept-files", here("in"), "--json"]
        ], { input: "ignore", namespace: network.namespace(1) })
        await listener.until("Listening")
        const sender = start(
          ["send-file", "juliet", here("letter.txt"), "--as", "romeo@forza", "--home", here("home")],
          { namespace: network.namespace(2) }
        )
        assert.strictEqual(await sender.ended, 0, sender.stderr())
        assert.include(sender.stderr(), "juliet@pronto has letter.txt (8 octets)")
        assert.strictEqual(readFileSync(join(here("in"), "letter.txt"), "utf8"), "But soft")
      } finally {
        network.remove()
      }
    },
    60_000
  )

  it("sends it whole, says how far it is, and takes another name where the first is taken", async () => {
    const { inbox, letter, listener, sending } = await listening(["--accept-files", "INBOX"])
    const path = letter(300_000)
    const first = sending(path, "--media-type", "text/plain")
    assert.strictEqual(await first.ended, 0, first.stderr())
    assert.deepStrictEqual(events(first), ["Offered", "Delivered"])
    const octets = told(first).flatMap(({ event, octets }) => event === "Progress" ? [octets] : [])
    assert.deepStrictEqual([octets[0], octets.at(-1)], [0, 300_000])
    const second = sending(path)
    assert.strictEqual(await second.ended, 0, second.stderr())
    assert.sameMembers(readdirSync(inbox), ["letter.txt", "letter (2).txt"])
    for (const name of readdirSync(inbox)) {
      assert.isTrue(readFileSync(join(inbox, name)).equals(readFileSync(path)), name)
    }
    assert.deepStrictEqual(events(listener), ["Receiving", "Received", "Receiving", "Received"])
    assert.strictEqual(told(listener)[1]?.path, join(inbox, "letter.txt"))
  }, 60_000)

  it("is told why it is not taken: exit code 3", async () => {
    const closed = await listening([])
    const declined = closed.sending(closed.letter(10))
    assert.strictEqual(await declined.ended, 3)
    assert.match(declined.stderr(), /not sent: the peer did not want the file \(This listener takes no files\)\. Ask/)
    assert.deepStrictEqual(told(declined).at(-1)?.why, "declined")
    const small = await listening(["--accept-files", "INBOX", "--max-file-size", "100"])
    const large = small.sending(small.letter(101))
    assert.strictEqual(await large.ended, 3)
    assert.match(large.stderr(), /101 octets, and 100 are the most/)
    assert.isEmpty(readdirSync(small.inbox))
  }, 60_000)

  it("reads the file before it calls anybody, and listen its directory before anybody comes: exit code 2", async () => {
    const directory = temporary()
    for (const path of [join(directory, "nothing"), directory]) {
      const { code, stderr } = await run(["send-file", "oskar@linden", path, "--home", join(directory, "home")])
      assert.strictEqual(code, 2)
      assert.match(stderr, /: it is not there|: it is a directory/)
    }
    assert.isEmpty(readdirSync(directory))
    const flags = ["--tls", "disabled", "--accept-files", join(directory, "nothing")]
    const { code, stderr } = await run(["listen", "--as", "oskar@linden", "--port", "0", ...flags])
    assert.strictEqual(code, 2)
    assert.match(stderr, /--accept-files: .*nothing: it is not there/)
  }, 60_000)

  it("a sender that is interrupted leaves nothing at the other end, and listen goes on", async () => {
    const { inbox, letter, listener, sending } = await listening(["--accept-files", "INBOX"])
    const sender = sending(letter(80_000_000))
    await sender.until("\"Progress\"")
    await listener.until("\"Receiving\"")
    sender.child.kill("SIGINT")
    assert.strictEqual(await sender.ended, 130)
    await listener.until("\"Failed\"")
    assert.include(["incomplete", "interrupted", "stoppedByPeer"], told(listener).at(-1)?.why)
    assert.isEmpty(readdirSync(inbox))
    const next = sending(letter(10, "next.txt"))
    assert.strictEqual(await next.ended, 0, next.stderr())
    assert.deepStrictEqual(readdirSync(inbox), ["next.txt"])
  }, 60_000)

  it("a listener that is interrupted leaves nothing, and the sender fails", async () => {
    const { inbox, letter, listener, sending } = await listening(["--accept-files", "INBOX"])
    const sender = sending(letter(80_000_000))
    await sender.until("\"Progress\"")
    listener.child.kill("SIGINT")
    assert.strictEqual(await listener.ended, 130)
    assert.isEmpty(readdirSync(inbox))
    assert.include([1, 3], await sender.ended)
    assert.include(["interrupted", "stoppedByPeer"], told(sender).at(-1)?.why)
  }, 60_000)

  it("a disk that is full ends it on both sides, and nothing is left of it", async () => {
    // Blocks of 512 octets, or of 1024.
    const { inbox, letter, listener, sending } = await listening(["--accept-files", "INBOX"], { fileBlocksMax: 400 })
    const sender = sending(letter(1_000_000))
    assert.strictEqual(await sender.ended, 3)
    assert.match(sender.stderr(), /the peer gave the transfer up \(It could not be kept at the other end\)/)
    await listener.until("\"Failed\"")
    assert.strictEqual(told(listener).at(-1)?.why, "unkept")
    assert.match(told(listener).at(-1)?.sentence ?? "", /no file may be as large as that/)
    assert.isEmpty(readdirSync(inbox))
  }, 60_000)
})
