/** Another program's TLS: `openssl s_client` speaks STARTTLS for XMPP. */
import { spawn, spawnSync } from "node:child_process"
import { join } from "node:path"
import { assert, describe, it, onTestFinished } from "vitest"
import { identity, listening, temporary } from "./processes.ts"

const present = spawnSync("openssl", ["version"]).status === 0

describe("openssl s_client", () => {
  it.skipIf(!present)(
    "TLS-12 TLS-18 HDR-29 SASL-04 completes TLS, and a script gets a header and EXTERNAL (needs the openssl program)",
    async () => {
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
      for (const version of ["-tls1_2", "-tls1_3"]) {
        const client = spawn("openssl", [
          ...[
            "s_client",
            "-connect",
            `127.0.0.1:${listener.port}`,
            "-starttls",
            "xmpp",
            "-xmpphost",
            "oskar@linden",
            version
          ],
          ...["-cert", join(directory, "mira", "cert.pem"), "-key", join(directory, "mira", "key.pem")],
          ...["-quiet", "-ign_eof"]
        ])
        onTestFinished(() => void client.kill("SIGKILL"))
        let heard = ""
        const until = (text: string) =>
          new Promise<void>((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`never heard ${text}:\n${heard}`)), 15_000)
            const check = () => {
              if (!heard.includes(text)) return
              clearTimeout(timer)
              resolve()
            }
            client.stdout.on("data", check)
            check()
          })
        client.stdout.on("data", (bytes: Buffer) => void (heard += bytes.toString()))
        client.stdin.write(
          "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='mira@tansy' to='oskar@linden' version='1.0'>"
        )
        await until("<mechanism>EXTERNAL</mechanism>")
        assert.match(heard, /<stream:stream [^>]*from='oskar@linden' id='[\w-]{22,}'/)
        client.stdin.write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>")
        await until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
      }
    }
  )
})
