/** Writes `docs/transitions.md` anew; the difference is to be reviewed. */
import { writeFileSync } from "node:fs"
import { document, place } from "./transitions.ts"

writeFileSync(place, document())
