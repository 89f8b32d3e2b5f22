namespace Homelab;

/// <summary>What came of a wish to heal a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="WasWell">True when it was proved to be well, and nothing was done.</param>
/// <param name="Summary">How it ended, one line.</param>
/// <param name="Report">The incident, closed, with its runs, steps and evidence; null when there was none.</param>
public sealed record HealReport(string Service, bool WasWell, string Summary, IncidentReport? Report);

/// <summary>What a wish to heal a service would do now. Making it changes nothing, and does not look whether the service is well.</summary>
/// <param name="Service">The service.</param>
/// <param name="Runbook">The runbook that would be chosen; null when none fits.</param>
/// <param name="Why">Why that one, or why none.</param>
/// <param name="Plan">What it would do; null when none fits.</param>
/// <param name="Open">The service's open incident, which the wish would join; null when it has none.</param>
public sealed record HealPlan(string Service, string? Runbook, string Why, RunbookPlan? Plan, Incident? Open);
