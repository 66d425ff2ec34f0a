// The page of a client that shows boards: the official bridge of MCP Apps, and nothing else. It runs in a browser; the
// test that has opened it gives it `callTool` and `note`.
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

const CAPABILITIES = { openLinks: {}, serverTools: {}, updateModelContext: { text: {} } };

/** Shows a page in a sandbox as strict as a client may have it. */
globalThis.openView = async ({ url, hostContext }) => {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.title = 'view';
  document.body.append(frame);
  const bridge = new AppBridge(null, { name: 'test host', version: '1.0.0' }, CAPABILITIES, { hostContext });
  bridge.oncalltool = async ({ name, arguments: args }) => {
    const { result, error } = await globalThis.callTool({ name, arguments: args });
    if (error !== undefined) throw new Error(error);
    return result;
  };
  bridge.onopenlink = async (link) => {
    await globalThis.note({ link });
    return {};
  };
  bridge.onupdatemodelcontext = async (context) => {
    await globalThis.note({ context });
    return {};
  };
  bridge.onrequestdisplaymode = async ({ mode }) => {
    document.body.dataset.mode = mode;
    globalThis.setContext({ displayMode: mode });
    return { mode };
  };
  bridge.onsizechange = ({ height }) => {
    frame.style.height = `${height}px`;
    globalThis.note({ height });
  };
  let context = hostContext;
  globalThis.setContext = (changed) => {
    context = { ...context, ...changed };
    bridge.setHostContext(context);
  };
  globalThis.sendResult = (input, result) => {
    bridge.sendToolInput({ arguments: input });
    bridge.sendToolResult(result);
  };
  const ready = new Promise((resolve) => {
    bridge.oninitialized = resolve;
  });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.src = url;
  await ready;
};
