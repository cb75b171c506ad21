/** What Avahi, on another machine, sees of us: our records while we are there, and our goodbye however we go. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { start, temporary } from "../processes.ts"
import * as Peer from "./peer.ts"

const missing = Peer.missing()
if (missing.length > 0) console.info(`Avahi is not tried: this machine lacks ${missing.join(", ")}`)
const isHere = missing.length === 0
let land: Peer.Land

/** `avahi-browse -p` writes octets that are no letters or digits as `\\DDD`. */
const plain = (text: string): string => {
  const octets = [...text.matchAll(/\\(\d{3})|\\(.)|([^])/g)].flatMap(([, code, escaped, letter]) =>
    code === undefined ? [...Buffer.from(escaped ?? letter ?? "")] : [Number(code)]
  )
  return Buffer.from(octets).toString()
}

const ours = (...args: ReadonlyArray<string>) => start(args, { namespace: land.ours })
const chatting = (name: string, ...more: ReadonlyArray<string>) =>
  ours("chat", "--as", name, "--home", temporary(), "--port", "5290", "--json", ...more)

describe.skipIf(!isHere)(
  "Avahi (needs avahi-daemon, avahi-utils, dbus, libpurple, python3 and network namespaces)",
  () => {
    beforeAll(async () => {
      land = await Peer.open()
    })
    afterAll(() => land.leave())

    it("LL-01 LL-06 LL-10 LL-17 LL-22 `avahi-browse -rt` shows our record set, whatever is in the name", async () => {
      const name = "büro 2.1, zoë@pronto"
      const talking = chatting(name, "--status", "dnd", "--message", "at the masqué", "--nick", "Zoë")
      await talking.until("\"Announced\"")
      const browsing = land.browse("-r", "-t", "-k")
      assert.strictEqual(await browsing.ended, 0)
      const found = browsing.lines().map((line) => line.split(";")).filter(([mark]) => mark === "=")
      assert.isNotEmpty(found)
      for (const [, , , instance = "", type, domain, host = "", address = "", port, txt = ""] of found) {
        assert.strictEqual(plain(instance), name)
        assert.deepEqual([type, domain, port], ["_presence._tcp", "local", "5290"])
        assert.match(host, /\.local$/)
        assert.include([land.address(1), land.linkLocal(1)], address)
        const said = [...txt.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, each = ""]) => plain(each))
        assert.includeMembers(said, [
          "txtvers=1",
          "port.p2pj=5290",
          "status=dnd",
          "msg=at the masqué",
          "nick=Zoë",
          "hash=sha-1"
        ])
      }
      talking.endInput()
      assert.strictEqual(await talking.ended, 0)
    })

    it("LL-01 LL-11 LL-20 on the same machine, on one port: it shows our records, we see its, and our goodbye is seen", async () => {
      const beside = (...args: ReadonlyArray<string>) => start(args, { namespace: land.theirs })
      const romeo = await land.person("romeo@forza", 5298, "Romeo")
      const watching = beside("discover", "--json")
      await watching.until("\"instance\":\"romeo@forza\"")
      const [name, seen] = ["juliet@forza", land.browse("-r", "-k")]
      const talking = beside("chat", "--as", name, "--home", temporary(), "--port", "5291", "--json")
      const shown = (mark: string) => () =>
        seen.lines().map((line) => line.split(";")).find(([first, , , instance = ""]) =>
          first === mark && plain(instance) === name
        )
      await eventually(() => shown("=")() !== undefined)
      const [, , , , , , host, address = "", port] = shown("=")() ?? []
      assert.deepEqual([host, port], ["forza.local", "5291"])
      assert.include([land.address(2), land.linkLocal(2)], address)
      await romeo.tells("that we are here", (told) => JSON.stringify(told).includes(name))
      talking.child.kill("SIGTERM")
      await eventually(() => shown("-")() !== undefined)
      await watching.until(`"change":"Went","instance":"${name}","why":"goodbye"`)
      assert.notInclude(watching.stdout(), "\"change\":\"Went\",\"instance\":\"romeo@forza\"")
      seen.child.kill("SIGKILL")
      romeo.does({ do: "quit" })
      await romeo.running.ended
    })

    it.each(["the end of input", "SIGINT", "SIGTERM"] as const)("LL-20 our goodbye is seen: %s", async (how) => {
      const name = `juliet-${how.replaceAll(" ", "-").toLowerCase()}@pronto`
      const watching = land.browse()
      const talking = chatting(name)
      const isTold = (mark: string) => () =>
        watching.lines().some((line) => line.startsWith(mark) && plain(line.split(";")[3] ?? "") === name)
      await eventually(isTold("+"))
      const left = Date.now()
      if (how === "the end of input") talking.endInput()
      else talking.child.kill(how)
      await eventually(isTold("-"))
      assert.isBelow(Date.now() - left, 5_000)
      await talking.ended
      watching.child.kill("SIGKILL")
    })
  }
)

const eventually = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 400) throw new Error("it never came to that")
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
