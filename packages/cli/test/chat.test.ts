/** Two people at two machines with nothing but a cable between them. */
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import * as Namespaces from "../../node/test/contract/namespaces.ts"
import { type Running, start, temporary } from "./processes.ts"

const areNamespaces = Namespaces.areThere()
const hasTerminal = areNamespaces && spawnSync("script", ["--version"]).status === 0

const said = (one: Running, what: string) => one.lines().flatMap((line) => JSON.parse(line)[what] ?? [])
const tell = (one: Running, wish: object): void => one.say(`${JSON.stringify(wish)}\n`)

const withNetwork = async (use: (network: Namespaces.Switch) => Promise<void>): Promise<void> => {
  const network = Namespaces.make(2)
  try {
    await use(network)
  } finally {
    network.remove()
  }
}

describe("chat", () => {
  it.skipIf(!areNamespaces)(
    "LL-22 XEP-0184 two people find each other, talk, verify, and one goes away (needs network namespaces)",
    () =>
      withNetwork(async (network) => {
        const home = temporary()
        const person = (at: number, as: string, ...more: ReadonlyArray<string>) =>
          start(["chat", ...more, "--as", as, "--home", join(home, as), "--json"], { namespace: network.namespace(at) })
        const hers = person(1, "juliet@pronto")
        const his = person(2, "romeo@forza", "juliet")
        await his.until("\"Opened\"")
        tell(his, { say: { text: "But soft" } })
        await hers.until("But soft")
        await his.until("\"received\"")
        assert.strictEqual(said(hers, "message")[0].mark, "unverified")

        tell(hers, { presence: { status: "away", message: "in the garden" } })
        await his.until("in the garden")
        tell(his, { verify: "juliet@pronto" })
        await hers.until("\"Asked\"")
        tell(hers, { verification: "agree" })
        await Promise.all([hers.until("\"Show\""), his.until("\"Show\"")])
        const digits = (one: Running) => said(one, "verification").find(({ event }) => event === "Show").text
        assert.strictEqual(digits(his), digits(hers))
        tell(his, { verification: "same" })
        tell(hers, { verification: "same" })
        await Promise.all([hers.until("\"Verified\""), his.until("\"Verified\"")])
        tell(hers, { say: { text: "Ay me", to: "romeo@forza" } })
        await his.until("Ay me")
        assert.strictEqual(said(his, "message").at(-1).mark, "verified")

        const send = (as: string, where: string, text: string) =>
          start(["send", "juliet", text, "--as", as, "--home", join(home, where)], { namespace: network.namespace(2) })
        const sent = send("romeo@forza", "romeo@forza", "O Romeo")
        assert.strictEqual(await sent.ended, 0, sent.stderr())
        assert.include(sent.stderr(), "sent to juliet@pronto (verified), and received")

        const imposter = send("romeo@forza", "another", "'Tis I")
        assert.strictEqual(await imposter.ended, 3)
        await hers.until("\"NotAdmitted\"")
        assert.include(JSON.stringify(said(hers, "notice").at(-1)), "CERT-85")
        assert.notInclude(said(hers, "message").map(({ text }) => text), "'Tis I")

        const nobody = send("romeo@forza", "romeo@forza", "")
        assert.strictEqual(await nobody.ended, 2)
        his.endInput()
        assert.strictEqual(await his.ended, 0, his.stderr())
        await hers.until("goodbye")
        hers.child.kill("SIGINT")
        assert.strictEqual(await hers.ended, 130)
      }),
    60_000
  )

  it.skipIf(!areNamespaces)(
    "XEP-0066 XEP-0047 a file is asked about before it comes, and declined without a trace (needs network namespaces)",
    () =>
      withNetwork(async (network) => {
        const [home, inbox] = [temporary(), temporary()]
        const [first, second] = [join(home, "plan.txt"), join(home, "other.txt")]
        writeFileSync(first, "At what o'clock to-morrow\n".repeat(20_000))
        writeFileSync(second, "no")
        const person = (at: number, as: string, ...more: ReadonlyArray<string>) =>
          start(["chat", ...more, "--as", as, "--home", join(home, as), "--files", inbox, "--json"], {
            namespace: network.namespace(at)
          })
        const hers = person(1, "juliet@pronto")
        const his = person(2, "romeo@forza", "juliet")
        await his.until("\"Opened\"")
        tell(his, { send: { to: "juliet", file: first } })
        await hers.until("plan.txt (520 kB); it would go into")
        assert.deepStrictEqual(readdirSync(inbox), [])
        tell(hers, { answer: true })
        await Promise.all([hers.until("\"Received\""), his.until("\"Delivered\"")])
        assert.strictEqual(readFileSync(join(inbox, "plan.txt"), "utf8"), readFileSync(first, "utf8"))
        tell(his, { send: { to: "juliet", file: second } })
        await hers.until("other.txt")
        tell(hers, { answer: false })
        await his.until("\"declined\"")
        assert.deepStrictEqual(readdirSync(inbox), ["plan.txt"])
      }),
    60_000
  )

  it.skipIf(!areNamespaces)(
    "CERT-85 LL-26 whoever announces a known name with another key is not talked to, and the alarm says what to do (needs network namespaces)",
    () =>
      withNetwork(async (network) => {
        const home = temporary()
        const juliet = (where: string) =>
          start(["chat", "--as", "juliet@pronto", "--home", join(home, where), "--json"], {
            namespace: network.namespace(1)
          })
        const romeo = (command: string, ...more: ReadonlyArray<string>) =>
          start([command, ...more, "--as", "romeo@forza", "--home", join(home, "his")], {
            namespace: network.namespace(2)
          })
        const real = juliet("hers")
        await real.until("\"Announced\"")
        assert.strictEqual(await romeo("send", "juliet", "But soft").ended, 0)
        real.endInput()
        await real.ended

        const imposter = juliet("another")
        await imposter.until("\"Announced\"")
        const sending = romeo("send", "juliet@pronto", "It is my lady")
        assert.strictEqual(await sending.ended, 3)
        assert.include(sending.stderr(), "CERT-85")
        assert.include(sending.stderr(), "xmpp-e2e pins remove juliet@pronto --trust-store")
        const talking = romeo("chat", "juliet")
        await talking.until("juliet@pronto cannot be reached")
        talking.say("O, it is my love\n")
        await talking.until("was not sent")
        assert.include(talking.stderr(), "CERT-85")
        assert.deepStrictEqual(said(imposter, "message"), [])
      }),
    60_000
  )

  it.skipIf(!hasTerminal)(
    "at a terminal what happens goes above the line that is typed (needs network namespaces and the program script)",
    () =>
      withNetwork(async (network) => {
        const home = temporary()
        const hers = start(["chat", "--as", "juliet@pronto", "--home", join(home, "hers")], {
          namespace: network.namespace(1),
          isTerminal: true
        })
        await hers.until("others on this network can see you")
        hers.say("unfinis")
        const his = start(["chat", "juliet", "--as", "romeo@forza", "--home", join(home, "his")], {
          namespace: network.namespace(2)
        })
        his.say("But soft\n")
        await hers.until("romeo@forza (not verified): But soft")
        await hers.until("to romeo@forza (not verified)> unfinis")
        hers.say("hed\r")
        await his.until("juliet@pronto (not verified): unfinished")
        await hers.until("romeo@forza has received \"unfinished\"")
        hers.say("/quit\r")
        assert.strictEqual(await hers.ended, 0, hers.stdout())
      }),
    60_000
  )
})
