using System.Diagnostics;

namespace Homelab.PowerShell;

/// <summary>
/// Makes a cmdlet of an operation. The generator writes the other half of the class: parameters from the input record, ShouldProcess from the
/// risk, OutputType from the result. What an operation cannot say is written by hand, in another part of the class.
/// </summary>
/// <remarks>
/// Not in the compiled assembly: PowerShell reads the attributes of every cmdlet when it imports the module, and this one would make it load every
/// provider then.
/// </remarks>
/// <typeparam name="TOperation">The operation.</typeparam>
/// <param name="verb">An approved verb.</param>
/// <param name="noun"><c>Hl</c> and a singular noun.</param>
[Conditional("FOR_THE_GENERATOR_ONLY")]
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class CmdletForAttribute<TOperation>(string verb, string noun) : Attribute
    where TOperation : Operation
{
    /// <summary>The verb.</summary>
    public string Verb { get; } = verb;

    /// <summary>The noun.</summary>
    public string Noun { get; } = noun;
}
