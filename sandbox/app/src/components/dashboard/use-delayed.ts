"use client";

import { useEffect, useState } from "react";

/** The value once it has stood still for so many milliseconds: a request for a word, not for each of its letters. */
export function useDelayed<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
