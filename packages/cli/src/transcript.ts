/**
 * The annotated transcript of a stream: what each side sends, as it stands on the wire, and what each side decided. It is
 * a recorder, so it sees exactly what a recording holds, as it happens.
 */
import type { Action, Config, Notice } from "@xmpp-e2e/protocol"
import * as Voice from "@xmpp-e2e/recording/Voice"
import type * as Recorder from "@xmpp-e2e/stream/Recorder"
import * as Effect from "effect/Effect"
import { paint } from "./output.ts"

/** A recorder that tells, and hands on to the one that writes. */
export const recorder = (tell: (line: string) => void, next: Recorder.Service): Recorder.Service => ({
  begin: Effect.fnUntraced(function*(config, about) {
    const written = yield* next.begin(config, about)
    const side = new Side(config, tell)
    return {
      step: (at, event, actions, state) => {
        written.step(at, event, actions, state)
        for (const action of actions) side.action(action)
      },
      wire: written.wire
    }
  })
})

class Side {
  private readonly voice = Voice.make()
  private readonly role: Config.Config["role"]
  private readonly tell: (line: string) => void

  constructor(config: Config.Config, tell: (line: string) => void) {
    this.role = config.role
    this.tell = tell
  }

  action(action: Action.Action): void {
    switch (action._tag) {
      case "SendHeader":
      case "SendElement":
      case "SendFooter":
        return this.wire(this.voice(action))
      case "StartTls":
        return this.note(`becomes the TLS ${action.as}; what follows is encrypted`)
      case "Report":
        return this.notice(action.notice)
      case "SendWhitespace":
      case "RestartInput":
      case "StopInput":
      case "JudgePeer":
      case "JudgeResumption":
      case "SetTimer":
      case "ClearTimer":
      case "Deliver":
      case "Refuse":
      case "EndTransport":
      case "DropTransport":
        return
    }
  }

  private notice(notice: Notice.Notice): void {
    switch (notice._tag) {
      case "TlsOn": {
        const { facts, verdict } = notice
        this.note(`has ${facts.protocol}, ${facts.cipher}`)
        return this.note(`verdict on the peer: ${verdict.code} by ${verdict.rule}: ${verdict.because}`)
      }
      case "CertificateRejected":
        return this.note(`verdict on the peer: refused, ${notice.verdict.code} by ${notice.verdict.rule}`)
      case "Negotiated":
        return this.note(`stream open; the peer is ${notice.peer.address ?? "nobody"} (${notice.peer.how})`)
      case "Ended":
        return this.note(
          `stream ended: ${notice.reason.cause} by ${notice.reason.rule}${notice.clean ? ", both footers seen" : ""}`
        )
      case "AuthenticationFailed":
        return this.note(`SASL failed: ${notice.condition}`)
      case "InsecureChannel":
      case "PeerError":
      case "SentError":
      case "Redirected":
      case "PeerClosed":
      case "ManagementOn":
      case "ManagementOff":
      case "StanzasAcknowledged":
      case "Diagnostic":
        return
    }
  }

  private wire(xml: string): void {
    this.tell(`${paint(this.role, this.role === "initiator" ? "I:" : "R:")} ${xml}`)
  }

  private note(text: string): void {
    this.tell(paint("note", `   [the ${this.role} ${text}]`))
  }
}
