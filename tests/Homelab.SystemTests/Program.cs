using System.Reflection;
using Homelab.SystemTests.Faults;
using Homelab.SystemTests.Kill;
using Homelab.SystemTests.Ssh;
using Xunit.Runner.InProc.SystemConsole;

// The test program is also the child process of the kill tests: the same host, with a store that kills or freezes it at a named point, and a command that runs until we are killed.
if (args is [KillableHost.Switch, var lab, var point, var end]) return await KillableHost.RunAsync(lab, Enum.Parse<KillPoint>(point), Enum.Parse<SuddenEnd>(end));
if (args is [FaultHost.Switch, var labFile, var moment, _]) return await FaultHost.RunAsync(labFile, Enum.Parse<KillPoint>(moment));
if (args is [KillableCommand.Switch, var folder, var port, var name]) return await KillableCommand.RunAsync(folder, port, name);
return await ConsoleRunner.Run(args);
