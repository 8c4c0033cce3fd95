"""Pages that need no kernel: a student's and an instructor's handout of every chapter, and their index.

`python -m course.publish.handouts` builds them into `build/handouts/`. A notebook is executed once, and only
when it, the package, the data or the assets have changed; both editions come from that one execution.
"""
