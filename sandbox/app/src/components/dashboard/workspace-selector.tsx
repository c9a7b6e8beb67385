"use client";

import { type FocusEvent, type KeyboardEvent, useState } from "react";
import type { Workspace } from "@/inbox/model";
import type { Selection } from "./selected-workspace";

export function WorkspaceSelector({ workspaces, selection }: { workspaces: Workspace[]; selection: Selection }) {
  const [open, setOpen] = useState(false);
  const selected = workspaces.find((workspace) => workspace.id === selection.id);

  function closeWhenLeft(event: FocusEvent<HTMLDivElement>) {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  }

  function choose(id: string | undefined) {
    setOpen(false);
    selection.select(id);
  }

  return (
    <div className="selector" onBlur={closeWhenLeft} onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button
        type="button"
        data-testid="workspace-selector-trigger"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {selected?.name ?? "All Workspaces"}
      </button>
      {open && <WorkspaceMenu workspaces={workspaces} selected={selection.id} onChoose={choose} />}
    </div>
  );
}

type MenuProps = { workspaces: Workspace[]; selected?: string; onChoose: (id: string | undefined) => void };

function WorkspaceMenu({ workspaces, selected, onChoose }: MenuProps) {
  const [search, setSearch] = useState("");
  const found = workspaces.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div role="menu" aria-label="Workspaces" onKeyDown={moveFocus}>
      <input
        type="search"
        data-testid="workspace-selector-search"
        placeholder="Search workspaces"
        aria-label="Search workspaces"
        autoFocus
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Option id="all" name="All Workspaces" current={!selected} onChoose={() => onChoose(undefined)} />
      {found.map(({ id, name }) => (
        <Option key={id} id={id} name={name} current={id === selected} onChoose={() => onChoose(id)} />
      ))}
    </div>
  );
}

type OptionProps = { id: string; name: string; current: boolean; onChoose: () => void };

function Option({ id, name, current, onChoose }: OptionProps) {
  return (
    <button
      type="button"
      role="menuitem"
      data-testid={`workspace-option-${id}`}
      aria-current={current ? "true" : undefined}
      onClick={onChoose}
    >
      {name}
    </button>
  );
}

/** Arrow keys walk through the search box and the options, as in every menu. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, [role=menuitem]")];
  stops[stops.indexOf(document.activeElement as HTMLElement) + step]?.focus();
}
