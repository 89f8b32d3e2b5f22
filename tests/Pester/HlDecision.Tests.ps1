BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $script:lab = Open-Lab
    $null = Connect-Hl $lab.File
}

AfterAll {
    Close-Lab $lab
}

Describe 'Get-HlDecision' {
    BeforeEach {
        $null = Invoke-Control $lab Post reset
    }

    AfterEach {
        Get-Change $lab | Should -BeNullOrEmpty
    }

    It 'explains a call that is named <as>' -ForEach @(
        @{ as = 'by its cmdlet'; call = { Get-HlDecision Restart-HlContainer gitea@dev } }
        @{ as = 'by its operation'; call = { Get-HlDecision docker_restart_container gitea@dev } }
        @{ as = 'by parameters'; call = { Get-HlDecision -Operation Restart-HlContainer -Target gitea@dev } }
        @{ as = 'with a text from the pipeline'; call = { 'gitea@dev' | Get-HlDecision Restart-HlContainer } }
        @{ as = 'with a container'; call = { Get-HlContainer gitea | Get-HlDecision Restart-HlContainer } }
        @{ as = 'with further parameters'; call = { Get-HlDecision Restart-HlContainer gitea@dev -Parameter @{ timeout = '2m' } } }
    ) {
        $decision = & $call
        $decision | Should -BeOfType ([Homelab.GateExplanation])
        $decision.Operation | Should -Be 'docker_restart_container'
        $decision.Target | Should -Be 'container:gitea@dev'
        $decision.Verdict | Should -Be 'Auto'
    }

    It 'says <verdict> for <what>' -ForEach @(
        @{ what = 'a protected container'; verdict = 'AskTwice'; rule = 'protect.target'; call = { Get-HlDecision Stop-HlContainer traefik@infra } }
        @{ what = 'an AI client that may only look'; verdict = 'Deny'; rule = 'access.level'; call = { Get-HlDecision Restart-HlContainer gitea@dev -Face Mcp -Identity claude } }
        @{ what = 'a job that stops a container'; verdict = 'Ask'; rule = 'policy.matrix'; call = { Get-HlDecision Stop-HlContainer gitea@dev -Face Schedule } }
        @{ what = 'a look'; verdict = 'Auto'; rule = $null; call = { Get-HlDecision Get-HlContainer } }
    ) {
        $decision = & $call
        $decision.Verdict | Should -Be $verdict
        if ($rule) { ($decision.Findings | Where-Object Verdict -eq $verdict).Rule | Should -Contain $rule }
        if ($verdict -eq 'Deny') { ($decision.Findings | Where-Object Verdict -eq Deny).WayOut | Should -Not -BeNullOrEmpty }
    }

    It 'has findings that can be indexed, as every list of an object' {
        $decision = Get-HlDecision Stop-HlContainer traefik@infra
        $decision.Findings.Count | Should -BeGreaterThan 1
        $decision.Findings[0].Rule | Should -BeOfType ([string])
        $decision.Findings[-1].Rule | Should -Be @($decision.Findings.Rule)[-1]
        (Get-HlLab).Hosts[0] | Should -Be @((Get-HlLab).Hosts | Select-Object -First 1)
    }

    It 'refuses <what>' -ForEach @(
        @{ what = 'an operation that there is not'; call = { Get-HlDecision Explode-HlContainer gitea@dev }; id = 'OperationNotFound'; category = 'ObjectNotFound' }
        @{ what = 'a target that there is not'; call = { Get-HlDecision Restart-HlContainer nosuch }; id = 'ContainerNotFound'; category = 'ObjectNotFound' }
        @{ what = 'a parameter that there is not'; call = { Get-HlDecision Restart-HlContainer gitea@dev -Parameter @{ colour = 'red' } }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'a call without what it acts on'; call = { Get-HlDecision Restart-HlContainer }; id = 'InputInvalid'; category = 'InvalidArgument' }
        @{ what = 'a value out of range'; call = { Get-HlDecision Restart-HlContainer gitea@dev -Parameter @{ timeout = '5h' } }; id = 'InputInvalid'; category = 'InvalidArgument' }
    ) {
        $caught = @(Get-Caught $call)
        $caught | Should -HaveCount 1
        $caught[0].FullyQualifiedErrorId | Should -Be "$id,Homelab.PowerShell.Commands.GetHlDecisionCommand"
        $caught[0].CategoryInfo.Category | Should -Be $category
    }

    It 'goes on with the next target when one is not there' {
        $found = 'nosuch', 'gitea' | Get-HlDecision Restart-HlContainer -ErrorAction SilentlyContinue -ErrorVariable failed
        $found.Target | Should -Be 'container:gitea@dev'
        $failed.TargetObject | Should -Be 'nosuch'
    }
}
