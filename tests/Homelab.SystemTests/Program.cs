using System.Reflection;
using Homelab.SystemTests.Kill;
using Xunit.Runner.InProc.SystemConsole;

// The test program is also the child process of the kill test: the same host, with a store that kills it at a named point.
if (args is [KillableHost.Switch, var lab, var point]) return await KillableHost.RunAsync(lab, Enum.Parse<KillPoint>(point));
return await ConsoleRunner.Run(args);
