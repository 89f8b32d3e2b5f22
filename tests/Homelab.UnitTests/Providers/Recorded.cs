namespace Homelab.UnitTests.Providers;

/// <summary>What real systems answered or sent, as it was recorded.</summary>
internal static class Recorded
{
    /// <param name="name">The system and its file: <c>prometheus/alertmanager.json</c>.</param>
    internal static string Text(string name)
    {
        using var stream = typeof(Recorded).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"There is no recorded '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
