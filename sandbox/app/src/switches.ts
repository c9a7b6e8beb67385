import { readFileSync } from "node:fs";

/** A file in which the sandbox says how the app is to be; read anew for every request. Without one: as it is meant to be. */
export function readSwitches<T>(file: string | undefined, otherwise: T): T {
  if (!file) return otherwise;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return otherwise;
    throw error;
  }
}
