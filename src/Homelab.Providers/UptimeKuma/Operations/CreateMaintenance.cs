using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Begins a maintenance of monitors that ends by itself: they are shown as such and alert nobody.</summary>
/// <remarks>Uptime Kuma: <c>addMaintenance</c> with the strategy <c>single</c> in UTC, <c>addMonitorMaintenance</c>, then <c>getMonitorMaintenance</c>, over Socket.IO.</remarks>
[Operation("kuma_create_maintenance", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Patience = "1m")]
[Description("Begins a maintenance of monitors of Uptime Kuma that ends by itself: they are shown as under maintenance and alert nobody.")]
[Example("New-HlMaintenance Gitea -Title 'Gitea is updated' -For 30m", "Half an hour in which the monitor of Gitea alerts nobody.")]
[Example("New-HlMaintenance Gitea, Traefik 'Patch day' -For 2h -Description 'Kernel and Docker.'", "Two monitors, with a text for the status page.")]
public sealed class CreateMaintenance : Change<CreateMaintenance.Input, MonitorMaintenance>
{
    private readonly KumaLink? _link;

    internal CreateMaintenance(KumaLink? link) => _link = link;

    /// <summary>What to begin.</summary>
    public sealed record Input
    {
        /// <summary>The monitors.</summary>
        [Subject, NameOf("monitor"), Description("The monitors' names; where several bear one, its number, such as #3.")]
        public required IReadOnlyList<string> Monitor { get; init; }

        /// <summary>What people read of it.</summary>
        [Description("What people read of it."), StringLength(150, MinimumLength = 1)]
        public required string Title { get; init; }

        /// <summary>How long it lasts.</summary>
        [Description("How long it lasts, from now on; it ends with the minute."), DurationRange("1m", "30d")]
        public TimeSpan For { get; init; } = TimeSpan.FromHours(1);

        /// <summary>The text under the title.</summary>
        [Description("The text under the title."), StringLength(10_000)]
        public string Description { get; init; } = "";
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent($"Begin a maintenance of {Duration.Format(input.For)}", new Target("maintenance", input.Title) { Aliases = [.. input.Monitor] });
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (input.Monitor.Count == 0) throw new InputException([new InputProblem("monitor", "", "is empty", "Name a monitor.")]);
        var monitors = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        return new Prepared<Input>(input, null) { Aliases = [.. monitors.Select(static m => m.Name)] };
    }

    /// <inheritdoc/>
    protected override async Task<MonitorMaintenance> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var link = KumaErrors.Need(_link);
        var monitors = await FindAsync(input, cancellationToken).ConfigureAwait(false);
        var now = context.Time.GetUtcNow();
        // It counts whole minutes.
        var from = Minute(now);
        var until = Minute(now + input.For + TimeSpan.FromSeconds(59));
        var answer = await link.AskAsync("addMaintenance", $"the maintenance '{ForeignText.Clean(input.Title, 80)}'", acts: true, [Wish(input, from, until)], cancellationToken).ConfigureAwait(false);
        context.SayActed();
        if (!answer.TryGetProperty("maintenanceID", out var given) || !given.TryGetInt64(out var id))
        {
            throw new HomelabException(ErrorKind.Failed, "KumaAnswerOdd", $"Uptime Kuma said yes to the maintenance '{input.Title}' and did not say which it is. Look at its list of maintenances.", input.Title);
        }

        await link.AskAsync("addMonitorMaintenance", $"the monitors of maintenance '{ForeignText.Clean(input.Title, 80)}'", acts: true, [id, monitors.Select(static m => new { id = m.Id }).ToArray()], cancellationToken).ConfigureAwait(false);
        var read = await link.AskAsync("getMonitorMaintenance", "the monitors of a maintenance", acts: false, [id], cancellationToken).ConfigureAwait(false);
        var held = read.TryGetProperty("monitors", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static m => m.TryGetProperty("id", out _)).Select(static m => m.GetProperty("id").GetInt32()).ToHashSet()
            : [];
        if (monitors.FirstOrDefault(m => !held.Contains(m.Id)) is { } missing)
        {
            throw new HomelabException(ErrorKind.Failed, "MaintenanceIncomplete", $"The maintenance '{input.Title}' (number {id}) was made, and does not hold for monitor '{missing.Name}'. Look at it in Uptime Kuma.", input.Title);
        }

        return new MonitorMaintenance { Id = id.ToString(CultureInfo.InvariantCulture), Title = input.Title, Monitors = [.. monitors.Select(static m => m.Name)], From = from, Until = until };
    }

    private async Task<IReadOnlyList<KumaMonitorEntry>> FindAsync(Input input, CancellationToken cancellationToken)
    {
        var all = await KumaErrors.Need(_link).ReadMonitorsAsync(cancellationToken).ConfigureAwait(false);
        return [.. input.Monitor.Select(m => KumaLink.Find(all, m)).DistinctBy(static m => m.Id)];
    }

    // The fields that this strategy does not use must be there all the same.
    private static object Wish(Input input, DateTimeOffset from, DateTimeOffset until) => new
    {
        title = input.Title,
        description = input.Description,
        strategy = "single",
        intervalDay = 1,
        active = true,
        timezoneOption = "UTC",
        dateRange = new[] { Text(from), Text(until) },
        timeRange = new[] { new { hours = 0, minutes = 0 }, new { hours = 0, minutes = 0 } },
        weekdays = Array.Empty<string>(),
        daysOfMonth = Array.Empty<string>(),
        cron = "30 3 * * *",
        durationMinutes = 60,
    };

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Minute(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
