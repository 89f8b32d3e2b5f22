using System.Management.Automation;

namespace Homelab.PowerShell.Binding;

/// <summary>What was given as an argument, as .NET knows it.</summary>
internal static class Argument
{
    /// <summary>Takes PowerShell's wrapping off.</summary>
    internal static object Unwrap(object given) => given is PSObject wrapped ? wrapped.BaseObject : given;
}
