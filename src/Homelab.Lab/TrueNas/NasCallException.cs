namespace Homelab.Lab.TrueNas;

/// <summary>That a method says no: by a code of JSON-RPC and a number of the system.</summary>
internal sealed class NasCallException(int code, int number, string name, string reason) : Exception(reason)
{
    internal int Code { get; } = code;

    internal int Number { get; } = number;

    internal string Name { get; } = name;

    internal static NasCallException Call(int number, string name, string reason) => new(-32001, number, name, reason);

    internal static NasCallException NoMethod() => new(-32601, 0, "", "Method does not exist");
}
