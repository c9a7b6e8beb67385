// The steps of journey.py, for @playwright/test.

import { expect, type Page, test } from "@playwright/test";

const { SMOKE_EMAIL, SMOKE_PASSWORD, BENCH_FIRST, BENCH_OTHER } = process.env as Record<string, string>;

test("the inbox works", async ({ page }) => {
  await page.goto("/auth/login");
  await page.getByLabel("Email").fill(SMOKE_EMAIL);
  await page.getByLabel("Password").fill(SMOKE_PASSWORD);
  await page.getByRole("button", { name: "Sign in with Email" }).click();
  await expectTheInboxOf(page, BENCH_FIRST);

  const card = cards(page).nth(1);
  const person = await card.getByRole("heading").innerText();
  await card.click();
  const conversation = page.getByRole("region", { name: "Conversation", exact: true });
  await expect(conversation.getByRole("heading", { name: person })).toBeVisible();
  await expect(conversation.getByRole("listitem").first()).toBeVisible();

  await page.getByTestId("workspace-selector-trigger").click();
  await page.getByRole("menuitem", { name: BENCH_OTHER }).click();
  await expectTheInboxOf(page, BENCH_OTHER);

  await page.reload();
  await expectTheInboxOf(page, BENCH_OTHER);
});

async function expectTheInboxOf(page: Page, workspace: string) {
  await expect(page.getByTestId("workspace-selector-trigger")).toHaveText(workspace);
  await expect(cards(page).first()).toContainText(workspace);
  await expect(cards(page).filter({ hasNotText: workspace })).toHaveCount(0);
  await expect(page.getByTestId("inbox-error-state")).toBeHidden();
  await expect(page.getByTestId("dashboard-error-boundary")).toBeHidden();
  await expect(page.getByLabel("Dismiss")).toBeHidden();
}

function cards(page: Page) {
  return page.locator("main button:has(h3)");
}
