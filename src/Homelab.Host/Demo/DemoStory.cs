using System.Collections.Concurrent;
using Homelab.Automation.Healing;
using Spectre.Console;

namespace Homelab.Host.Demo;

/// <summary>Prints what healing does as it happens, and lets the script wait for it.</summary>
internal sealed class DemoStory(IAnsiConsole console) : IHealingObserver
{
    private const int LongestLine = 150;

    private readonly ConcurrentQueue<HealingEvent> _events = new();
    private readonly Lock _lock = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<HealingEvent> Events => [.. _events];

    /// <inheritdoc/>
    public void On(HealingEvent what)
    {
        _events.Enqueue(what);
        if (Look(what.Kind) is { } look) Line(look.Colour, look.Sign, what.Service, what.Text.Split('\n')[0]);
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Waits until enough has happened.</summary>
    /// <returns>False when it did not happen in time.</returns>
    internal async Task<bool> WaitAsync(Func<IReadOnlyList<HealingEvent>, bool> enough, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (enough(Events)) return true;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    internal void Title(string text)
    {
        lock (_lock)
        {
            console.WriteLine();
            console.Write(new Rule($"[bold]{Markup.Escape(text)}[/]") { Justification = Justify.Left });
        }
    }

    internal void Say(string sign, string text) => Line("white", sign, "", text);

    private void Line(string colour, string sign, string service, string text)
    {
        var at = TimeProvider.System.GetElapsedTime(_started).TotalSeconds;
        var who = service.Length > 0 ? $"[bold]{Markup.Escape(service)}[/] " : "";
        var shown = text.Length <= LongestLine ? text : text[..LongestLine] + "…";
        lock (_lock) console.MarkupLine($"[grey]{at,6:F2}s[/] [{colour}]{sign,-9}[/] {who}{Markup.Escape(shown)}");
    }

    private static (string Colour, string Sign)? Look(HealingEventKind kind) => kind switch
    {
        HealingEventKind.AlertAccepted => ("yellow", "alert"),
        HealingEventKind.AlertUnmatched => ("grey", "unmatched"),
        HealingEventKind.IncidentWaits => ("grey", "waits"),
        HealingEventKind.RunStarted => ("blue", "runbook"),
        HealingEventKind.StepStarted => ("blue", "step"),
        HealingEventKind.ApprovalNeeded => ("yellow", "asks"),
        HealingEventKind.Checked => ("grey", "looks"),
        HealingEventKind.Recovered => ("green", "recovered"),
        HealingEventKind.Escalated => ("red", "escalated"),
        HealingEventKind.NoticeSent => ("green", "told"),
        HealingEventKind.NoticeFailed or HealingEventKind.Trouble => ("red", "trouble"),
        // An opened incident and an ended step are seen in what follows them.
        _ => null,
    };
}
