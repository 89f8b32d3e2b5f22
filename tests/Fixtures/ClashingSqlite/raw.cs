namespace SQLitePCL;

// The real one is called so too, in small letters.
#pragma warning disable CS8981, IDE1006, MA0048, CA1708

/// <summary>The type by which SQLitePCLRaw.core is known. This one opens nothing: who gets it in place of the real one fails at once.</summary>
public static class raw
{
    /// <summary>The version of this assembly.</summary>
    public static Version Version { get; } = typeof(raw).Assembly.GetName().Version!;
}
