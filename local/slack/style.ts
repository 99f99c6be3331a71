/** The look of the page, close to Slack's own. */
export const style = `
* { box-sizing: border-box; margin: 0 }
body { font: 15px/1.46 Slack-Lato, Lato, "Helvetica Neue", Arial, sans-serif; color: #1d1c1d; background: #fff }
a { color: #1264a3; text-decoration: none } a:hover { text-decoration: underline }
nav { display: flex; align-items: center; gap: 8px; padding: 8px 20px; background: #350d36; color: #d6c9d6; font-size: 13px }
nav a { color: #fff; padding: 3px 12px; border: 1px solid #7d5c7e; border-radius: 14px } nav a:hover { background: #5c3a5d; text-decoration: none }
nav a[aria-current] { background: #fff; border-color: #fff; color: #350d36; font-weight: 700 } nav small { font-weight: 400; opacity: .75 }
main { max-width: 820px; margin: 0 auto; padding: 0 20px 40px }
h1 { font-size: 18px; font-weight: 900; padding: 12px 20px; margin: 0 -20px 8px; border-bottom: 1px solid #e2e2e2 }
article { margin: 0 -20px; padding: 8px 20px; scroll-margin-top: 16px } article:hover { background: #f8f8f8 } article:target { background: #fdf8e7 }
.message { display: flex; gap: 8px }
.avatar { flex: 0 0 36px; height: 36px; border-radius: 8px; background: #1264a3; color: #fff; font-weight: 900; display: grid; place-items: center }
.post { flex: 1; min-width: 0; overflow-wrap: anywhere }
.who { line-height: 1.3 } .who b { font-weight: 900 }
.app { font-size: 10px; font-weight: 700; background: #e8e8e8; border-radius: 2px; padding: 1px 3px; color: #616061; vertical-align: 1px }
time, .edited { font-size: 12px; color: #616061 }
h2 { font-size: 18px; font-weight: 900; line-height: 1.33; margin: 8px 0 4px }
p { margin: 4px 0 8px }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 0 16px } .fields p { margin-bottom: 8px }
code { font: 12px/1.5 Monaco, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: #c01343; background: #f7f7f7; border: 1px solid #dfdfdf; border-radius: 3px; padding: 2px 3px 1px; box-decoration-break: clone; -webkit-box-decoration-break: clone }
.context { font-size: 13px; line-height: 1.4; color: #616061; margin: 4px 0 8px; display: flex; flex-wrap: wrap; gap: 2px 12px } .context b { color: #454245 } .context code { font-size: 11px }
form { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 }
button { font: 700 13px/1 Slack-Lato, Lato, "Helvetica Neue", Arial, sans-serif; min-width: 56px; height: 28px; padding: 0 12px; border-radius: 4px; border: 1px solid #bbbabb; background: #fff; color: #1d1c1d; cursor: pointer }
button:hover { background: #f8f8f8; box-shadow: 0 1px 3px #00000014 } button:focus-visible { outline: 3px solid #1d9bd166 }
button.primary { background: #007a5a; border-color: #007a5a; color: #fff } button.primary:hover { background: #148567; box-shadow: 0 1px 4px #0000004d }
button.danger { border-color: #e01e5a; color: #e01e5a } button.danger:hover { background: #e01e5a; color: #fff }
.mention { background: #1d9bd11a; color: #1264a3; border-radius: 3px; padding: 0 2px 1px } .loud { background: #f2c74466 }
.count { font-size: 13px; font-weight: 700; color: #1264a3; padding: 4px 0 } .thread { margin: 0 0 8px 44px; padding-left: 12px; border-left: 2px solid #e2e2e2 }
.thread article { margin: 0; padding: 6px 8px }
.note { margin: 8px 0 0 44px; padding: 6px 10px 2px; border: 1px solid #e2e2e2; border-radius: 8px; background: #fafafa } .note p { color: #616061; margin: 2px 0 6px }
.only { font-size: 12px; color: #616061; margin: 0 0 4px 44px } .only::before { content: "👁"; margin-right: 4px }
.trouble { margin: 12px 0; padding: 10px 14px; border: 1px solid #e01e5a; border-left-width: 4px; border-radius: 6px; background: #fdf3f6 }
.none { padding: 40px 0; color: #616061 }
hr { border: 0; border-top: 1px solid #e2e2e2; margin: 12px 0 }
`;
