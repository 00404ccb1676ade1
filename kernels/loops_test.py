"""What loops.py finds in listings as nvdisasm prints them: python3 kernels/loops_test.py"""
import unittest

import loops


def listing(code):
    """A kernel of one instruction or label a line."""
    lines, address = [".text.kernel:\n"], 0
    for line in code.strip().splitlines():
        line = line.strip()
        if line.endswith(":"):
            lines.append(line + "\n")
        else:
            lines.append(f"        /*{address:04x}*/                   {line} ;\n")
            address += 16
    return lines


def main_loop(code):
    ((name, blocks, labels),) = loops.kernels_of(listing(code))
    assert name == "kernel"
    loops.connect(blocks, labels)
    return loops.main_loop(blocks)


class LoopsTest(unittest.TestCase):
    def test_a_kernel_without_loops_has_no_main_loop(self):
        self.assertEqual(("-", "-", "-"), main_loop("LDG.E.128 R4, [R2.64]\nEXIT\n.L_x_0:\nBRA `(.L_x_0)"))

    def test_a_loop_is_all_between_its_head_and_its_branch_back(self):
        code = """
            LDG.E.128 R4, [R2.64]
            .L_x_0:
            LDG.E.128.CONSTANT R4, [R2.64]
            @!P1 LDG.E.NA.128 R8, [R2.64+0x10]
            LDG.E.64 R8, [R2.64]
            STL [R1], R4
            @P0 BRA `(.L_x_1)
            LDL.LU R4, [R1]
            .L_x_1:
            ISETP.GE.AND P0, PT, R0, R1, PT
            @!P0 BRA P2, `(.L_x_0)
            STL [R1], R4
            EXIT"""
        self.assertEqual((8, 2, 2), main_loop(code))

    def test_what_an_inner_loop_loads_is_not_counted_for_the_outer_to_choose_between_them(self):
        code = """
            .L_x_0:
            LDG.E.128 R4, [R2.64]
            STL [R1], R4
            .L_x_1:
            LDG.E.128 R4, [R2.64]
            @P0 BRA `(.L_x_1)
            @P1 BRA `(.L_x_0)
            EXIT"""
        self.assertEqual((2, 1, 0), main_loop(code))

    def test_the_outer_loop_is_the_main_one_where_it_loads_more_itself(self):
        code = """
            .L_x_0:
            LDG.E.128 R4, [R2.64]
            LDGSTS.E.BYPASS.128 [R9], [R2.64]
            .L_x_1:
            LDG.E.128 R4, [R2.64]
            @P0 BRA `(.L_x_1)
            @P1 BRA `(.L_x_0)
            EXIT"""
        self.assertEqual((5, 3, 0), main_loop(code))

    def test_a_call_of_a_label_leaves_a_loop_and_a_call_of_a_function_comes_back(self):
        code = """
            .L_x_0:
            LDG.E.128 R4, [R2.64]
            CALL.REL.NOINC `($__internal_0_$__div)
            @P1 CALL.REL.NOINC `(.L_x_1)
            BRA `(.L_x_0)
            .L_x_1:
            EXIT"""
        self.assertEqual((4, 1, 0), main_loop(code))

    def test_threads_that_meet_go_on_where_they_were_told_to_even_from_code_far_off(self):
        code = """
            .L_x_0:
            BSSY B0, `(.L_x_1)
            LDG.E.128 R4, [R2.64]
            @P0 BRA `(.L_x_2)
            BSYNC B0
            .L_x_1:
            @P1 BRA `(.L_x_0)
            EXIT
            .L_x_2:
            LDL R4, [R1]
            BSYNC B0
            NOP"""
        self.assertEqual((7, 1, 1), main_loop(code))


if __name__ == "__main__":
    unittest.main()
