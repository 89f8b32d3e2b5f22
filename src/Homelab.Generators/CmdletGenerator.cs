using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Homelab.Generators;

/// <summary>Makes a cmdlet of each line <c>[CmdletFor&lt;RestartContainer&gt;("Restart", "HlContainer")]</c>.</summary>
[Generator]
public sealed class CmdletGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var cmdlets = context.SyntaxProvider.ForAttributeWithMetadataName(
            "Homelab.PowerShell.CmdletForAttribute`1",
            static (node, _) => node is ClassDeclarationSyntax,
            static (target, _) => CmdletReader.Read((INamedTypeSymbol)target.TargetSymbol, target.Attributes[0]));
        context.RegisterSourceOutput(cmdlets, static (output, model) =>
        {
            if (model is not null) output.AddSource($"{model.ClassName}.g.cs", CmdletWriter.Write(model));
        });
        context.RegisterSourceOutput(cmdlets.Collect(), static (output, models) =>
            output.AddSource("OperationCmdlets.g.cs", CmdletWriter.WriteNames([.. models.OfType<CmdletModel>()])));
    }
}
