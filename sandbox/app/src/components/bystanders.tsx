import { isOdd, shape } from "@/shape";

/** Scripts of others. That they fail is no fault of this page, and people notice nothing of it. */
export function Bystanders() {
  const { vendor } = shape();
  return (
    <>
      {isOdd("insights-html") && <script async src="/_vercel/insights/script.js" />}
      {isOdd("widget-answers-html") && (
        <>
          {/* Browsers keep a page from being run as somebody's script, unless it was asked for with `crossOrigin`. */}
          <script async src={`${vendor}/loader.js`} />
          <script async crossOrigin="anonymous" src={`${vendor}/loader.js?again`} />
        </>
      )}
      {/* With `crossOrigin` a page gets to know whose error it is, and what it says; without it, that there was one. */}
      {isOdd("widget-throws") && <script async crossOrigin="anonymous" src={`${vendor}/widget.js`} />}
      {isOdd("widget-throws-unseen") && <script async src={`${vendor}/widget.js?unseen`} />}
    </>
  );
}
