/** Writes `src/internal/asset.ts` anew: `node packages/viewer/test/asset.make.ts`, after a change in `client`. */
import { writeFileSync } from "node:fs"
import { assetPath, makeAsset } from "./asset.ts"

writeFileSync(assetPath, await makeAsset())
