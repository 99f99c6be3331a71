/** The look of the page, close to Slack's own. */
export const style = `
* { box-sizing: border-box; margin: 0 }
body { font: 15px/1.46 Slack-Lato, Lato, "Helvetica Neue", Arial, sans-serif; color: #1d1c1d; background: #fff; max-width: 760px; margin: 0 auto; padding: 0 20px 24px }
h1 { font-size: 18px; padding: 12px 0; border-bottom: 1px solid #ddd; margin-bottom: 12px }
article { display: flex; gap: 8px; padding: 8px 0 }
.avatar { flex: 0 0 36px; height: 36px; border-radius: 6px; background: #1264a3; color: #fff; font-weight: 900; display: grid; place-items: center }
.post { flex: 1; min-width: 0; overflow-wrap: anywhere }
.who b { font-weight: 900 } .app { font-size: 10px; background: #ddd; border-radius: 2px; padding: 1px 3px; color: #616061 }
time, .edited { font-size: 12px; color: #616061 }
h2 { font-size: 18px; line-height: 1.33; margin: 6px 0 4px }
p { margin: 4px 0 8px }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 0 16px } .fields p { margin-bottom: 6px }
code { font: 12px/1.5 Menlo, Consolas, "DejaVu Sans Mono", monospace; color: #c01343; background: #f6f6f6; border: 1px solid #ddd; border-radius: 3px; padding: 1px 3px }
a { color: #1264a3; text-decoration: none }
.context { font-size: 12.5px; color: #616061; margin: 4px 0 8px; display: flex; flex-wrap: wrap; gap: 2px 14px } .context b { color: #454245 }
.actions { display: flex; gap: 8px; margin: 8px 0 }
button { font: 700 13px Lato, Arial, sans-serif; padding: 5px 12px; border-radius: 4px; border: 1px solid #bbb; background: #fff; color: #1d1c1d }
button.primary { background: #007a5a; border-color: #007a5a; color: #fff } button.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
.mention { background: #e8f5fa; color: #1264a3; border-radius: 3px; padding: 0 2px } .loud { background: #fdf2c0 }
.thread { margin-left: 44px; border-left: 2px solid #eee; padding-left: 10px } .thread:empty { display: none }
.count { margin-left: 44px; font-size: 13px; font-weight: 700; color: #1264a3 }
.none { padding: 40px 0; color: #616061 }
`;
