using Homelab.Automation.Healing;

namespace Homelab.Automation.Approvals;

/// <summary>Tells of a trouble that stays, once: what is tried again every second must not fill the log. As long as it lasts, the part counts as unwell.</summary>
/// <param name="context">Who hears of it.</param>
/// <param name="part">The part of the program that is in trouble.</param>
/// <param name="what">What that means for people, as the beginning of a sentence.</param>
internal sealed class TroubleVoice(HealingContext context, string part, string what)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private string? _said;
    private int _times;

    /// <summary>True while it lasts.</summary>
    internal bool Lasts => _said is not null;

    /// <summary>Tells of it, where it is another than before.</summary>
    /// <returns>How long to wait before trying again; grows as long as it lasts.</returns>
    internal TimeSpan Say(Exception e)
    {
        var id = e is HomelabException known ? known.Id : e.GetType().Name;
        if (_said != id) context.Tell(HealingEventKind.Trouble, "", "", $"{what}: {id}: {e.Message}");
        _said = id;
        context.Vitals.Report(part, isWell: false, e.Message);
        var wait = s_shortest * Math.Pow(2, Math.Min(_times++, 10));
        if (wait > s_longest) wait = s_longest;
        return e is HomelabException { RetryAfter: { } asked } && asked > wait ? asked : wait;
    }

    /// <summary>It is over: should it come again, it is told again.</summary>
    internal void Over()
    {
        if (_said is null) return;
        context.Vitals.Report(part, isWell: true, "is well again");
        _said = null;
        _times = 0;
    }
}
