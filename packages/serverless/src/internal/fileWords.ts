/** Sentences about files on their way: what happened, why, and what to do. @internal */
import type { Why } from "../FileSharingFailure.ts"

/** @internal */
export const explain = (why: Why, detail?: string): string =>
  `${happened[why]}${detail === undefined ? "" : ` (${detail.replace(/[.]$/, "")})`}. ${advice[why]}`

const happened: Readonly<Record<Why, string>> = {
  declined: "the peer did not want the file",
  unsupported: "the peer's software takes no files in this way",
  busy: "too many offers wait at the peer",
  unanswered: "nobody said yes or no to the file in time",
  withdrawn: "the file is not on offer any more",
  tooMany: "as many files are on their way as may be at once",
  stoppedByPeer: "the peer gave the transfer up",
  stalled: "nothing came in time",
  interrupted: "the transfer broke off",
  incomplete: "the peer ended the transfer before the whole file was there",
  tooMuch: "the peer sent more than it had offered",
  damaged: "what arrived is not the file that was offered: its SHA-256 differs",
  unreadable: "the file could not be read",
  changed: "the file changed while it was sent",
  unkept: "the file could not be kept"
}

const anew = "What had come is not kept; offer the file anew"
const advice: Readonly<Record<Why, string>> = {
  declined: "Ask the person at the other end.",
  unsupported: "Send it in another way.",
  busy: "Try again when the person has answered some.",
  unanswered: "Call the person, and offer it again.",
  withdrawn: "Ask for it to be offered again.",
  tooMany: "Wait until one is done, or stop one.",
  stoppedByPeer: `${anew} when both of you are ready.`,
  stalled: `${anew} once the network works.`,
  interrupted: `${anew} on a stream that works.`,
  incomplete: `${anew}.`,
  tooMuch: `${anew}, and tell whoever maintains the peer's software if it happens again.`,
  damaged: `${anew}.`,
  unreadable: "Mend that, and offer it again.",
  changed: "Offer it again when nobody writes to it.",
  unkept: "Mend that, and ask for it to be offered again."
}
