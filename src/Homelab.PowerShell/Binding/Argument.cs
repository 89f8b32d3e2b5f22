using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;

namespace Homelab.PowerShell.Binding;

/// <summary>What was given as an argument, as .NET knows it.</summary>
internal static class Argument
{
    /// <summary>Takes PowerShell's wrapping off.</summary>
    internal static object Unwrap(object given) => given is PSObject wrapped ? wrapped.BaseObject : given;

    /// <summary>A hashtable as JSON; empty when none was given.</summary>
    internal static JsonObject ToJson(Hashtable? given)
    {
        var json = new JsonObject();
        foreach (DictionaryEntry entry in given ?? []) json[entry.Key.ToString()!] = Value(entry.Value);
        return json;
    }

    private static JsonNode? Value(object? given) => given is null ? null : Argument.Unwrap(given) switch
    {
        string text => text,
        bool flag => flag,
        int number => number,
        long number => number,
        double number => number,
        SwitchParameter flag => flag.IsPresent,
        TimeSpan duration => Duration.Format(duration),
        object[] list => new JsonArray([.. list.Select(Value)]),
        var other => other.ToString(),
    };
}
