namespace Homelab;

/// <summary>Enum values as files and messages write them: camelCase.</summary>
public static class HomelabNames
{
    /// <summary><c>askTwice</c> for <see cref="Requirement.AskTwice"/>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
