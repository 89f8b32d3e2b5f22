using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>A process of its own that writes to a state: <c>--child state write|race place count</c>.</summary>
internal static class StateChild
{
    internal const string Name = "state";

    private const int Callers = 8;

    // Protects from hanging only: whoever holds the file may get no processor for a while.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    internal static Process Start(string mode, string place, int count)
    {
        // The runtime's folder is <dotnet>/shared/Microsoft.NETCore.App/<version>.
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        string[] arguments = ["exec", typeof(StateChild).Assembly.Location, "--child", Name, mode, place, count.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        // Its pipes for debuggers would stay in the temporary folder when it is killed.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return Process.Start(start)!;
    }

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var mode, var place, var number]) return 2;
        var count = int.Parse(number, CultureInfo.InvariantCulture);
        await using var store = await OpenAsync(place);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => mode == "race" ? RaceAsync(store, i, count) : WriteAsync(store, i, count))));
        return 0;
    }

    private static async Task<StateStore> OpenAsync(string place) => place.StartsWith("Host=", StringComparison.Ordinal)
        ? await PostgresStore.OpenAsync(new Secret(place), TimeSpan.FromSeconds(30), TimeProvider.System, CancellationToken.None)
        : await SqliteStore.OpenAsync(place, TimeProvider.System, Migration.All, s_patience, CancellationToken.None);

    /// <summary>Says of each thing, once the store has said so, that it is on disk.</summary>
    private static async Task WriteAsync(StateStore store, int caller, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var alert = Make.Alert($"service {caller}", message: new string('x', 300));
            var receipt = await store.AcceptAsync(alert, Make.Incident($"service {caller}", alert.Id), CancellationToken.None);
            Say("alert", alert.Id);
            if (receipt.Opened) Say("incident", receipt.Incident!.Id);

            var change = Make.Change($"vm:{store.Owner}/{caller}");
            await store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(change: change.Id), CancellationToken.None);
            Say("begun", change.Id);
            await store.AppendAuditAsync(Make.Line(AuditKind.Read), durable: false, CancellationToken.None);
            await store.EndAsync(change with { Status = ChangeStatus.Succeeded, EndedAt = Make.Noon }, Make.Line(AuditKind.Outcome, change.Id), CancellationToken.None);
            Say("ended", change.Id);
        }
    }

    /// <summary>Tries to change the same few targets as everybody else, under the same keys as every other process.</summary>
    private static async Task RaceAsync(StateStore store, int caller, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var change = Make.Change($"vm:{i % 3}") with { Key = $"{caller}/{i}" };
            var line = Make.Line(AuditKind.Intent, change.Id) with { Target = change.Target };
            var admission = await store.BeginAsync(change, Make.Limits, static _ => [], line, CancellationToken.None);
            if (!admission.Admitted) continue;
            Say("begun", change.Id);
            await store.EndAsync(change with { Status = ChangeStatus.Succeeded }, line with { Kind = AuditKind.Outcome }, CancellationToken.None);
        }
    }

    // One write call per line, far shorter than a pipe's atomic size: a kill cannot cut it.
    private static void Say(string what, string id) => Console.WriteLine($"{what} {id}");
}
