/** Invites: people who have never met and take no leap of faith, and others who come in their place. */
import { Invite } from "@xmpp-e2e/serverless"
import * as Result from "effect/Result"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { freePort, identity, listening, run, temporary } from "./processes.ts"

/** Mira and Oskar, and somebody who has his name and another key. */
const people = async () => {
  const directory = temporary()
  const of = (name: string) => join(directory, name)
  const [mira = "", oskar = "", impostor = ""] = await Promise.all([
    identity(of("mira"), "mira@tansy"),
    identity(of("oskar"), "oskar@linden"),
    identity(of("impostor"), "oskar@linden")
  ])
  return {
    of,
    fingerprints: { mira, oskar, impostor },
    hearing: (name: string, as: string, ...more: ReadonlyArray<string>) =>
      listening(["--as", as, "--identity", of(name), "--echo", ...more], { input: "ignore" }),
    calling: (name: string, as: string, ...more: ReadonlyArray<string>) =>
      run(["connect", "--as", as, "--identity", of(name), ...more], "hello\n"),
    pins: async () => {
      const { stdout } = await run(["pins", "list", "--trust-store", of("store"), "--json"])
      return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
    }
  }
}

const inviteOf = (address: string, certificate: string, ...ports: ReadonlyArray<number>): string =>
  Invite.encode(Result.getOrThrow(Invite.make({
    address,
    naming: "jid",
    certificate,
    places: ports.map((port) => ({ host: "127.0.0.1", port }))
  })))

describe("invites", () => {
  it("CERT-83 CERT-88 two people know each other at first sight, and the store remembers that nobody had to guess", async () => {
    const { calling, fingerprints, hearing, of, pins } = await people()
    const hers = await run(["invite", "--identity", of("mira"), "--json"])
    const listener = await hearing("oskar", "oskar@linden", "--invite", JSON.parse(hers.stdout).invite)
    const his = await run([
      ...["invite", "--identity", of("oskar"), "--host", "127.0.0.1", "--port", String(await freePort())],
      ...["--host", "127.0.0.1", "--port", String(listener.port), "--qr"]
    ])
    const [uri = "", ...code] = his.stdout.trim().split("\n")
    assert.strictEqual(code.length, 25)
    assert.include(his.stderr, "believes that it is from oskar@linden")

    const met = await calling("mira", "mira@tansy", "--invite", uri, "--trust-store", of("store"))
    assert.strictEqual(met.code, 0, met.stderr)
    assert.include(met.stdout, "hello")
    assert.match(met.stderr, /^connected to oskar@linden, verified \(certificate: pinned by CERT-83\)/m)
    assert.include(listener.stdout(), "\"code\":\"pinned\"")
    const [pin, ...more] = await pins()
    assert.deepInclude(pin, { address: "oskar@linden", certificate: fingerprints.oskar, how: "manual" })
    assert.match(pin.key, /^[0-9a-f]{64}$/)
    assert.deepEqual(more, [])
  })

  it("CERT-85 somebody else at the place is refused, whatever else is believed, and nothing is remembered", async () => {
    const { calling, fingerprints, hearing, of, pins } = await people()
    const listener = await hearing("impostor", "oskar@linden", "--trust-store", of("anybody"))
    const uri = inviteOf("oskar@linden", fingerprints.oskar, listener.port)
    const refused = await calling("mira", "mira@tansy", "--invite", uri, "--trust-store", of("store"))
    assert.strictEqual(refused.code, 3, refused.stderr)
    assert.match(refused.stderr, /pinMismatch/)
    assert.include(refused.stderr, "Nothing but the certificate in the invite is believed here")
    assert.notInclude(refused.stdout, "hello")
    assert.deepEqual(await pins(), [])

    // Whom the store knows by another certificate is not even dialled.
    const by = (
      sha256: string
    ) => ["--invite", inviteOf("oskar@linden", sha256, listener.port), "--trust-store", of("store")]
    assert.strictEqual((await calling("mira", "mira@tansy", ...by(fingerprints.impostor))).code, 0)
    const visits = listener.lines().length
    const alarmed = await calling("mira", "mira@tansy", ...by(fingerprints.oskar))
    assert.strictEqual(alarmed.code, 3)
    assert.include(alarmed.stderr, "the store knows oskar@linden by another certificate than the invite has")
    assert.strictEqual(listener.lines().length, visits)
  })

  it("CERT-85 at a listener that believes whoever comes first, an invited name is not for whoever comes first", async () => {
    const { calling, fingerprints, hearing, of, pins } = await people()
    const listener = await hearing(
      "mira",
      "mira@tansy",
      ...["--invite", inviteOf("oskar@linden", fingerprints.oskar), "--trust-store", of("store")]
    )
    const place = ["--to", "mira@tansy", "--host", "127.0.0.1", "--port", String(listener.port)]
    const trust = ["--trust-pin", fingerprints.mira]
    const posing = await calling("impostor", "oskar@linden", ...place, ...trust)
    assert.strictEqual(posing.code, 3, posing.stderr)
    assert.include(listener.stdout(), "\"code\":\"pinMismatch\"")
    assert.strictEqual((await calling("oskar", "oskar@linden", ...place, ...trust)).code, 0)
    assert.strictEqual((await calling("mira", "mira@tansy", ...place, ...trust)).code, 0)
    assert.deepEqual(
      (await pins()).map(({ address, certificate, how }) => [address, certificate, how]),
      [["oskar@linden", fingerprints.oskar, "manual"], ["mira@tansy", fingerprints.mira, "firstUse"]]
    )
  })

  it("are made for an address that the certificate has, and for places that others can dial", async () => {
    const directory = temporary()
    await identity(join(directory, "mira"), "mira@tansy", "--also-known-as", "mira@harbor.example")
    const invite = (...more: ReadonlyArray<string>) => run(["invite", "--identity", join(directory, "mira"), ...more])
    const [other, stranger, scoped, none, alone, two] = await Promise.all([
      invite("--as", "Mira@harbor.example", "--host", "2001:db8::7", "--host", "tansy.example", "--port", "5298"),
      invite("--as", "rosa@heath"),
      invite("--host", "fe80::1%eth0", "--port", "5298"),
      invite("--host", "192.0.2.7:5298", "--port", "5298"),
      invite("--host", "192.0.2.7"),
      invite("--json", "--qr")
    ])
    assert.match(
      other.stdout,
      /^xmpp:mira@harbor\.example\?invite-e2e;sha-256=[0-9A-F]{64};at=%5B2001%3Adb8%3A%3A7%5D%3A5298;at=tansy.example%3A5298\n$/
    )
    assert.include(stranger.stderr, "there is one for mira@tansy, mira@harbor.example")
    assert.include(scoped.stderr, "an address of scope link")
    assert.include(none.stderr, "without brackets")
    assert.include(alone.stderr, "--host and --port go together")
    assert.include(two.stderr, "leave out --qr")
    for (const { code, stdout } of [stranger, scoped, none, alone, two]) assert.deepEqual([code, stdout], [2, ""])
  })
})
