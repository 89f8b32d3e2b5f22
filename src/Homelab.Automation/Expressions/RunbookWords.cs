namespace Homelab.Automation.Expressions;

/// <summary>Names in a scope that no expression can write, so that only functions read them.</summary>
internal static class RunbookWords
{
    /// <summary>The operations that the lab is set up for, as a list of texts.</summary>
    internal const string Operations = "$operations";
}
