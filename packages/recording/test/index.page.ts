/** The index of the corpus: for each recording what it holds, how it ends, and the requirements that it exercises. */
import * as Recording from "../src/Recording.ts"

/** Recordings by name. */
export type Corpus = ReadonlyMap<string, Recording.Recording>

export const page = (corpus: Corpus): string => {
  const rows = [...corpus].sort(([one], [other]) => one < other ? -1 : 1).map(([name, recording]) =>
    `| ${name} | ${aboutOf(recording)} | ${endOf(recording)} | ${requirementsOf(recording).join(" ")} |`
  )
  return [
    "# Corpus",
    "",
    `Written by \`pnpm corpus --write\`; do not edit. ${rows.length} recordings in \`sessions\`, replayed in every run. The`,
    "requirements are those that the story is about and those that the reducer names in its answers.",
    "",
    "| recording | what it holds | how it ends | requirements |",
    "|---|---|---|---|",
    ...rows,
    ""
  ].join("\n")
}

/** `unclean NotAdmitted certificate CERT-86`: as the last notice says. */
export const endOf = (recording: Recording.Recording): string => {
  for (const { actions } of Recording.steps(recording)) {
    for (const action of actions) {
      if (action._tag !== "Report" || action.notice._tag !== "Ended") continue
      const { clean, endedLate, reason: { _tag, cause, condition, rule } } = action.notice
      return [clean ? "clean" : "unclean", _tag, cause, rule, condition, endedLate ? "late" : undefined]
        .filter((word) => word !== undefined).join(" ")
    }
  }
  return "does not end"
}

/** What the note tells, without the ids in front of it. */
export const aboutOf = ({ head: { note = "" } }: Recording.Recording): string => note.replace(/^[^:]*: /, "")

/** The ids in front of the note, which say what the story is about, and those in the reasons and diagnostics that it led to. */
export const requirementsOf = (recording: Recording.Recording): ReadonlyArray<string> => {
  const [front = ""] = (recording.head.note ?? "").split(":")
  const told = Recording.steps(recording).flatMap(({ actions }) =>
    actions.flatMap((action) => {
      if (action._tag !== "Report") return []
      if (action.notice._tag === "Ended") return [action.notice.reason.rule]
      return action.notice._tag === "Diagnostic" ? [action.notice.detail ?? ""] : []
    })
  )
  return [...new Set([front, ...told].flatMap((text) => text.match(id) ?? []))].sort()
}

const id = /\b[A-Z][A-Z0-9]*-\d+\b/g
