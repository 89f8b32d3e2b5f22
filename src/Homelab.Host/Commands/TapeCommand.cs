using System.CommandLine;
using System.Globalization;
using Homelab.Automation.Tapes;

namespace Homelab.Host.Commands;

/// <summary><c>homelab tape</c>: prints the alerts that the state has kept as a tape, as <c>server.tape</c> would have recorded them.</summary>
internal static class TapeCommand
{
    internal static Command Create()
    {
        var lab = LabOption.Create();
        var since = new Option<string?>("--since") { Description = "From when on: a time such as 2026-01-31T08:00:00Z, or how long ago, such as 7d. All that is kept when not given." };
        since.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Read(text, DateTimeOffset.UnixEpoch) is null) result.AddError("--since is neither a time nor a duration. Give one such as 2026-01-31T08:00:00Z or 7d.");
        });
        var command = new Command("tape", "Print the alerts that were taken in as a tape: one line of JSON each, oldest first.") { since, lab };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var runtime = await LabOption.OpenStateAsync(parsed, lab, cancellationToken);
            var from = parsed.GetValue(since) is { } text ? Read(text, runtime.Time.GetUtcNow())!.Value : DateTimeOffset.MinValue;
            var records = await runtime.Store.ListAlertsAsync(int.MaxValue, cancellationToken);
            foreach (var record in records.Reverse().Where(r => r.ReceivedAt >= from)) Console.WriteLine(TapeReading.Write(TapeEntry.Of(record), runtime.Redactor.Redact));
            return HomelabProgram.Ok;
        });
        return command;
    }

    private static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        if (Duration.TryParse(text, out var ago)) return now - ago;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
