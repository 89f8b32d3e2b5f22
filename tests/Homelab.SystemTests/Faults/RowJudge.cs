using Homelab.Host.Rehearsals;

namespace Homelab.SystemTests.Faults;

/// <summary>Judges a row by what the simulators were asked for and are, by the store and by the audit; never by what the product says of itself.</summary>
internal static class RowJudge
{
    /// <summary>What the engines and hypervisors were asked to change: method and path, with containers by name.</summary>
    internal static IReadOnlyList<string> ChangesOf(FaultStage stage)
    {
        var engines = stage.Homelab.Changes.Select(c => $"{c.Method} {string.Join('/', c.Path.Split('/').Select(part => stage.ContainerNames.GetValueOrDefault(part, part)))}");
        var hypervisors = stage.Homelab.Proxmox.Requests
            .Where(static r => r.Method is "POST" or "PUT" or "DELETE" && !r.Path.EndsWith("/agent/ping", StringComparison.Ordinal) && !r.Path.StartsWith("/access/", StringComparison.Ordinal))
            .Select(static r => $"{r.Method} {r.Path}");
        return [.. engines, .. hypervisors];
    }

    /// <summary>Everything that is not as the row wants it; empty when all is.</summary>
    internal static async Task<IReadOnlyList<string>> ObjectionsAsync(FaultStage stage)
    {
        var (row, store) = (stage.Row, stage.Store);
        var objections = new List<string>();
        var incidents = await store.ListIncidentsAsync(100, CancellationToken.None);
        var changes = ChangesOf(stage);
        var messages = stage.Homelab.Telegram.Messages;
        Object(incidents.Any(static i => i.IsOpen), "an incident is open");
        Object((await store.ListOpenAsync(CancellationToken.None)).Count > 0, "a change is open");
        Object(!row.Changes.Holds(changes.Count), $"{changes.Count} changes were asked for, not {row.Changes}");
        Object(changes.FirstOrDefault(c => !row.Scenario.MayChange.Any(may => Wildcard.Matches(may, c))) is not null, "something was changed that is none of its business");
        Object(!row.Messages.Holds(messages.Count), $"a person got {messages.Count} messages, not {row.Messages}");
        Object(!stage.Refusals.Distinct().SequenceEqual(row.Door is { } door ? [door] : []), $"the door refused with {string.Join(", ", stage.Refusals)}");
        Object(End() is { } wrong, $"it did not end {HomelabNames.Of(row.End)}: {End()}");
        await JudgeAuditAsync();
        return objections.Count == 0 ? [] : [.. objections, .. Told()];

        void Object(bool isWrong, string what)
        {
            if (isWrong) objections.Add(what);
        }

        string? End()
        {
            var last = incidents.FirstOrDefault(i => i.Service == row.Scenario.Service);
            return row.End switch
            {
                RowEnd.Healed when last?.Status != IncidentStatus.Recovered => $"{last?.Status}",
                RowEnd.Healed when !row.Scenario.IsWell(stage) => "it is not well",
                RowEnd.Escalated when last?.Status != IncidentStatus.Escalated => $"{last?.Status}",
                RowEnd.Escalated when !messages.Any(m => m.Text.Contains(row.Scenario.Service, StringComparison.Ordinal) && m.Text.Contains("Why: ", StringComparison.Ordinal)) => "nobody was told why",
                RowEnd.Nothing when incidents.Any(static i => i.Status == IncidentStatus.Escalated) => "a person was troubled",
                _ => null,
            };
        }

        async Task JudgeAuditAsync()
        {
            var lines = await store.ReadAuditAsync(1, CancellationToken.None).ToListAsync(CancellationToken.None);
            var verdict = await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), CancellationToken.None);
            Object(!verdict.Intact, $"the audit is not intact: {verdict.Reason}");
            var intents = lines.Where(static l => l.Kind == AuditKind.Intent).Select(static l => l.Change).Order().ToList();
            Object(!intents.SequenceEqual(lines.Where(static l => l.Kind is AuditKind.Outcome or AuditKind.Settled).Select(static l => l.Change).Order()), "an intent in the audit has no end, or an end no intent");
            Object(intents.Count < changes.Count, $"{changes.Count} changes were asked for, and {intents.Count} are in the audit");
        }

        IEnumerable<string> Told() =>
        [
            "-- incidents:", .. incidents.Select(static i => $"{i.Service}: {i.Status}: {i.Summary}"),
            "-- changes:", .. changes,
            "-- messages:", .. messages.Select(static m => m.Text.Replace('\n', '|')),
            "-- events:", .. stage.Events.All.Select(static e => $"{e.At:HH:mm:ss.fff} {e.Kind} {e.Service} {e.Text}"),
        ];
    }
}
